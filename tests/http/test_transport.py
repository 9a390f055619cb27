"""Connections that a server closes, or keeps for too long, on a real socket."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from conformance.http import ME, Inconclusive, transport
from conformance.http.clock import SYSTEM
from conformance.http.exchange import NOT_JSON
from conformance.http.pacing import Pace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Connect

    Serve = Callable[[Callable[[socket.socket, int], None]], str]

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return a function that serves connections: it calls `answer` with each, and with how many there were before."""
    listener = socket.create_server(("127.0.0.1", 0))
    opened: list[socket.socket] = []

    def accept(answer: Callable[[socket.socket, int], None]) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                opened.append(connection)
                threading.Thread(target=quietly, args=(answer, connection, len(opened) - 1)).start()

    def quietly(
        answer: Callable[[socket.socket, int], None], to: socket.socket, number: int
    ) -> None:
        with contextlib.suppress(OSError), to:
            answer(to, number)

    def start(answer: Callable[[socket.socket, int], None]) -> str:
        threading.Thread(target=accept, args=(answer,), daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/v2"

    yield start
    listener.close()
    for connection in opened:
        connection.close()


def read_request(connection: socket.socket) -> bytes:
    """Return the head of a request without a body; empty at the end."""
    head = b""
    while b"\r\n\r\n" not in head and (part := connection.recv(4096)):
        head += part
    return head


def paced() -> Pace:
    """Return a pace with which the client keeps its connections."""
    return Pace({}, clock=SYSTEM)


@pytest.mark.parametrize("operation", ["getSystem", "deleteMember"])
def test_closed_connection_is_replaced(serve: Serve, connect: Connect, operation: str) -> None:
    """A request that can be sent twice is sent again when the server closed the connection that it reused."""

    def answer(connection: socket.socket, _: int) -> None:
        for sends in (True, False):  # the second request of a connection gets none
            read_request(connection)
            if sends:
                connection.sendall(OK)

    owner = connect(serve(answer), "token", paced())
    assert owner.send("getSystem", ME).status == 200
    refs = {"memberId": "abcde"} if operation == "deleteMember" else ME
    owner.client.guard.allow("member", "abcde")
    assert owner.send(operation, refs).status == 200


def test_creation_is_not_repeated(serve: Serve, connect: Connect) -> None:
    """A POST without a response may have been carried out: it is inconclusive, and sent once."""
    seen = []

    def answer(connection: socket.socket, _: int) -> None:
        while head := read_request(connection):
            seen.append(head.split()[0])
            if seen[-1] == b"POST":
                return
            connection.sendall(OK)

    owner = connect(serve(answer), "token", paced())
    owner.send("getSystem", ME)
    with pytest.raises(Inconclusive):
        owner.send("createMember", content=b"")
    assert seen == [b"GET", b"POST"]


def test_deleted_before_the_connection_closed(serve: Serve, connect: Connect) -> None:
    """A DELETE that is sent again and finds nothing is inconclusive: the first one may have deleted it."""

    def answer(connection: socket.socket, number: int) -> None:
        while head := read_request(connection):
            if head.startswith(b"GET"):
                connection.sendall(OK)
            elif number == 0:
                return
            else:
                connection.sendall(OK.replace(b"200 OK", b"404 Not Found"))

    owner = connect(serve(answer), "token", paced())
    owner.send("getSystem", ME)
    owner.client.guard.allow("member", "abcde")
    with pytest.raises(Inconclusive):
        owner.send("deleteMember", {"memberId": "abcde"})


HEAD, LONG_BODY = b"HTTP/1.1 200 OK\r\nX-Long: ", OK.replace(b"Length: 2", b"Length: 999999")


@pytest.mark.parametrize(
    ("first", "then"),
    [(HEAD, b"a"), (b"", b"HTTP/1.1 100 Continue\r\n\r\n"), (LONG_BODY, b" ")],
    ids=["header", "continue", "body"],
)
def test_response_that_never_ends(
    serve: Serve, connect: Connect, first: bytes, then: bytes
) -> None:
    """A response is given up after a bound for the whole of it, however often something comes."""

    def answer(connection: socket.socket, _: int) -> None:
        read_request(connection)
        connection.sendall(first)
        while True:
            connection.sendall(then)
            time.sleep(0.05)

    with pytest.raises(Inconclusive, match="ReadTimeout"):
        connect(serve(answer), timeout=0.2).send("getSystem", {"systemId": "abcde"})


def test_response_that_is_too_large(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A response is given up once it is too large to keep."""
    monkeypatch.setattr(transport, "LARGEST", 10**5)
    large = OK.replace(b"Content-Length: 2", b"Content-Length: 200000").removesuffix(b"{}")

    def answer(connection: socket.socket, _: int) -> None:
        read_request(connection)
        connection.sendall(large + b" " * 200_000)

    with pytest.raises(Inconclusive, match="more than 100000 bytes"):
        connect(serve(answer)).send("getSystem", {"systemId": "abcde"})


def test_body_that_is_no_utf_8(serve: Serve, connect: Connect) -> None:
    """Bytes that are no UTF-8 are shown as escapes, and make a body no JSON."""
    body = b'{"id": "\xc3("}'
    head = OK.replace(b"Content-Length: 2", f"Content-Length: {len(body)}".encode())

    def answer(connection: socket.socket, _: int) -> None:
        read_request(connection)
        connection.sendall(head.removesuffix(b"{}") + body)

    exchange = connect(serve(answer)).send("getSystem", {"systemId": "abcde"})
    assert exchange.text == '{"id": "\\xc3("}'
    assert exchange.json is NOT_JSON


@pytest.mark.parametrize("times", [1, 2])
def test_response_that_is_too_large_once_it_is_unpacked(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """What is packed counts by its size unpacked, and may be packed once."""
    monkeypatch.setattr(transport, "LARGEST", 10**5)
    packed = b" " * 200_000
    for _ in range(times):
        packed = gzip.compress(packed)
    codings = ", ".join(["gzip"] * times)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {codings}\r\nContent-Length: {len(packed)}\r\n"

    def answer(connection: socket.socket, _: int) -> None:
        read_request(connection)
        connection.sendall(head.encode() + b"\r\n" + packed)

    with pytest.raises(Inconclusive, match=r"more than (once|100000 bytes)"):
        connect(serve(answer)).send("getSystem", {"systemId": "abcde"})
