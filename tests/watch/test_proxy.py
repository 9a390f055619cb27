"""What is handed on between client and server."""

from __future__ import annotations

import gzip
import http.server
import json
import re
import socket
import ssl
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import trustme
from jsonschema import Draft202012Validator

from conformance import reporting
from tests.stub import Request, Response
from tests.watch.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Reference, StartReference, StartStub
    from tests.watch.conftest import StartWatch

SCHEMA = Path(reporting.__file__).with_name("report.schema.json")
TOKEN = "t0ken" * 12


def test_request_and_response_are_unchanged(start_watch: StartWatch, stub: StartStub) -> None:
    """Target, headers and body come as they were sent, and so does the response."""

    def script(_: Request) -> Response:
        return Response('{"ok": true}', 418, {"X-Own": "a", "Connection": "x-hop", "X-Hop": "1"})

    server = stub(script)
    with start_watch(server.base_url) as watch, Session(watch.base_url, TOKEN) as client:
        received = client.raw(
            "PATCH BASE/members/%61bcde?a=b%20c&d=%2F:+ HTTP/1.1",
            "Host: HOST",
            "X-Custom: One",
            "X-Gone: 1",
            "Connection: X-Gone",
            "Content-Length: 2",
            body=b"{}",
        )
    head, _, body = received.partition(b"\r\n\r\n")
    (seen,) = server.received
    assert (seen.method, seen.path) == ("PATCH", "/v2/members/%61bcde?a=b%20c&d=%2F:+")
    assert seen.body == b"{}"
    headers = {name.lower(): value for name, value in seen.headers.items()}
    host = httpx.URL(server.base_url).netloc.decode()
    assert headers == {"host": host, "x-custom": "One", "content-length": "2"}
    assert head.startswith(b"HTTP/1.1 418 ")
    assert b"x-own: a" in head.lower()
    assert b"x-hop" not in head.lower()
    assert b'\r\n{"ok": true}\r\n' in body  # in one chunk, as the server gave no length


def test_chunked_body_is_read(start_watch: StartWatch, reference: Reference) -> None:
    """A body without a length, as Go sends it, is handed on and judged."""
    with (
        start_watch(reference.base_url) as watch,
        Session(watch.base_url, reference.token) as client,
    ):
        received = client.raw(
            "POST BASE/members HTTP/1.1",
            "Host: HOST",
            "User-Agent: tests (tests.example)",
            "Authorization: TOKEN",
            "Content-Type: application/json",
            "Transfer-Encoding: chunked",
            body=b'8\r\n{"name":\r\n6\r\n"Ada"}\r\n0\r\n\r\n',
        )
        assert received.startswith(b"HTTP/1.1 200 ")
        member = json.loads(received.rpartition(b"\r\n\r\n")[2])
        client.send("DELETE", f"/members/{member['uuid']}")
        assert watch.end() == 0
        assert watch.verdicts["client-body-json"] == "passed"


def test_server_that_is_down_is_502(start_watch: StartWatch, free_port: int) -> None:
    """Without a server the client gets 502 with one line, and the log has why."""
    base_url = f"http://127.0.0.1:{free_port}/v2"
    with start_watch(base_url) as watch, Session(watch.base_url, TOKEN) as client:
        response = client.send("GET", "/systems/@me")
        assert response.status_code == 502
        assert response.text.startswith(f"{base_url} behind the watch is not reached: ")
        assert response.text.count("\n") == 1
        watch.end()
        assert TOKEN not in watch.written
        (log,) = watch.folder.rglob("events.jsonl")
        (line,) = [line for line in log.read_text().split("\n") if '"exchange"' in line]
        assert json.loads(line)["status"] is None
        assert json.loads(line)["error"]


def test_control_api_is_handed_on_and_not_watched(
    start_watch: StartWatch, start_reference: StartReference
) -> None:
    """What a test does with the sandbox itself is not the client's, and its tokens stand nowhere."""
    with (
        start_reference("--control") as server,
        start_watch(server.base_url) as watch,
        Session(watch.base_url, server.token) as client,
    ):
        received = client.raw("GET /_sandbox?x=1 HTTP/1.1", "Host: HOST")
        assert server.token.encode() in received
        assert client.raw("GET /_sandboxes HTTP/1.1", "Host: HOST").startswith(b"HTTP/1.1 4")
        watch.end()
        assert watch.report["requests"]["total"] == 1
        assert [name for name in (server.token, server.other_token) if name in watch.written] == []


def test_too_large_body_is_413(start_watch: StartWatch, reference: Reference) -> None:
    """A body that nobody needs is not kept in memory."""
    with start_watch(reference.base_url) as watch, Session(watch.base_url, TOKEN) as client:
        response = client.send("POST", "/members", content=b"x" * (9 * 2**20))
        assert response.status_code == 413


def test_half_a_request_is_none(start_watch: StartWatch, reference: Reference) -> None:
    """A client that goes away before the end of its body is not judged by half of it."""
    with start_watch(reference.base_url) as watch, Session(watch.base_url, TOKEN) as client:
        parts = httpx.URL(watch.base_url)
        with socket.create_connection((parts.host, parts.port or 0)) as connection:
            connection.sendall(b"PATCH /v2/systems/@me HTTP/1.1\r\nContent-Length: 20\r\n\r\n{")
        assert client.send("GET", "/systems/abcde").status_code == 404
        watch.end()
        assert watch.report["requests"]["total"] == 1


HOSTILE = [
    b'{"name": "\\ud800", "color": "\\ud83d"}',
    b'{"name": NaN, "proxy_tags": Infinity}',
    b'{"proxy_tags": ' + b"[" * 90 + b"]" * 90 + b"}",
    b'{"proxy_tags": ' + b"[" * 900 + b"]" * 900 + b"}",
    b'{"proxy_tags": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b'{"color": 1' + b"0" * 5000 + b"}",
    b'{"privacy": {"\x1b[31m": "\xe2\x80\xae"}}',
    b"\xff\xfe",
    b"true",
    b'{"token": 5, "privacy": [], "": null}',
]


def test_hostile_client_gets_through_and_into_the_report(
    start_watch: StartWatch, reference: Reference
) -> None:
    """Whatever a client sends is handed on, and the report can be written and read."""
    with start_watch(reference.base_url) as watch, Session(watch.base_url, TOKEN) as client:
        label = {"content-type": "application/json"}
        for body in HOSTILE:
            response = client.send("PATCH", "/members/abcde", content=body, headers=label)
            assert 400 <= response.status_code < 500
        for target in ("/%ff?%ff=%ff", "/members/%00?before=%00", "//@me//", "/systems/%E2%80%AE"):
            head = (f"GET BASE{target} HTTP/1.1", "Host: HOST", "User-Agent: \xe9\xff", "Cookie: s")
            assert client.raw(*head).startswith(b"HTTP/1.1 4")
        assert watch.end() == 1
        assert watch.report["requests"]["total"] == len(HOSTILE) + 4
        assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", watch.printed)
        schema = json.loads(SCHEMA.read_text("utf-8"))
        Draft202012Validator(schema).validate(watch.report)


def test_packed_response_is_packed_for_the_client_and_read_for_the_log(
    start_watch: StartWatch, packed_server: str
) -> None:
    """The client gets the bytes as they came; what is logged can be read."""
    with start_watch(packed_server) as watch, Session(watch.base_url, TOKEN) as client:
        first = client.send("GET", "/systems/@me")
        assert first.headers["content-encoding"] == "gzip"
        assert first.json() == {"id": "abcde"}
        wrong = client.raw("GET BASE/members/wrong HTTP/1.1", "Host: HOST")
        assert wrong.endswith(_Plain.content)
        watch.end()
        (log,) = watch.folder.rglob("events.jsonl")
        lines = map(json.loads, log.read_text().splitlines())
        texts = [one["response"]["body"] for one in lines if one["event"] == "exchange"]
        assert texts[0] == '{"id": "abcde"}'
        assert len(texts) == 2  # the second of them says that it is packed, and is not


def test_server_with_a_certificate(start_watch: StartWatch, tmp_path: Path) -> None:
    """A server is verified with the authorities that other HTTP clients take from the environment."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server = http.server.HTTPServer(("127.0.0.1", 0), _Plain)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    base_url = f"https://127.0.0.1:{server.server_address[1]}/v2"
    certificates = {"SSL_CERT_FILE": str(tmp_path / "ca.pem")}
    try:
        with (
            start_watch(base_url, **certificates) as watch,
            Session(watch.base_url, TOKEN) as client,
        ):
            assert client.send("GET", "/systems/@me").json() == {"id": "abcde"}
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Plain(http.server.BaseHTTPRequestHandler):
    content, label = b'{"id": "abcde"}', "identity"

    def do_GET(self) -> None:
        self.send_response(200)
        packed = self.content if self.path.endswith("wrong") else self.packed()
        self.send_header("Content-Encoding", self.label)
        self.send_header("Content-Length", str(len(packed)))
        self.end_headers()
        self.wfile.write(packed)

    def packed(self) -> bytes:
        return self.content

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Packed(_Plain):
    label = "gzip"

    def packed(self) -> bytes:
        return gzip.compress(self.content)


@pytest.fixture
def packed_server() -> Iterator[str]:
    """The base URL of a server whose responses are packed, or only say so."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Packed)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v2"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def free_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
