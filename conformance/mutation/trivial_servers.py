"""`trivial-servers`: servers that are no API. Nothing may pass there, and a run must end soon with a message.

The command line is run against each, with preflight and without.
"""

from __future__ import annotations

import contextlib
import dataclasses
import http.server
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.cli.arguments import Parser
from conformance.mutation import faulty_servers
from conformance.mutation.forked import Forked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LONGEST_RUN = 30.0  # seconds
EXIT_CODES = (1, 4, 5)
HANG = 60.0  # seconds, longer than the timeout of any client
MEMBER: dict[str, Any] = {
    "id": "abcdef",
    "uuid": "0c2d3a55-25c6-4ee4-a0b4-0fbd6ba2ba02",
    "system": "ghijkl",
    "name": "Somebody",
    **dict.fromkeys(("display_name", "color", "birthday", "pronouns", "avatar_url", "banner")),
    **dict.fromkeys(("webhook_avatar_url", "description", "created", "privacy", "message_count")),
    "keep_proxy": False,
    "tts": False,
    "proxy_tags": [],
}


@dataclasses.dataclass(frozen=True)
class TrivialServer:
    """The response to every request, after `delay` seconds; without a status the connection is closed instead."""

    status: int | None
    body: str = ""
    kind: str = "application/json"
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    delay: float = 0.0


def _error(status: int, code: int) -> TrivialServer:
    return TrivialServer(status, json.dumps({"message": "No.", "code": code}))


SERVERS: dict[str, TrivialServer] = {
    "not-found": TrivialServer(404, "Not Found", "text/plain"),
    "empty-object": TrivialServer(200, "{}"),
    "empty-list": TrivialServer(200, "[]"),
    "no-content": TrivialServer(204),
    "server-error": TrivialServer(500, "Internal Server Error", "text/plain"),
    "redirect-to-itself": TrivialServer(302, headers={"Location": ""}),
    "html-page": TrivialServer(
        200, "<!doctype html><html><title>Welcome</title></html>", "text/html"
    ),
    "wrong-model": TrivialServer(200, json.dumps(MEMBER)),
    "hang-up": TrivialServer(None),
    "hang": TrivialServer(None, delay=HANG),
    "error-objects-of-404": _error(404, 20001),
    "error-objects-of-401": _error(401, 0),
}


@dataclasses.dataclass
class Result:
    """The result of a run against one of them."""

    code: int
    seconds: float
    passed: list[str]
    message: str  # the last line that was printed

    @property
    def problems(self) -> list[str]:
        """What the suite did wrong, in a few words each."""
        return [
            *([f"passed {', '.join(self.passed)}"] if self.passed else []),
            *([f"took {self.seconds:.0f} s"] if self.seconds > LONGEST_RUN else []),
            *([f"exit code {self.code}"] if self.code not in EXIT_CODES else []),
            *([] if self.message else ["printed nothing"]),
        ]


def trivial_servers(arguments: Sequence[str]) -> int:
    """Run the suite against each; return 0 when nothing passed and each run ended in time with a message, else 1."""
    parser = Parser(prog="python -m conformance.mutation trivial-servers", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=SERVERS, default=list(SERVERS), metavar="NAME")
    options = parser.parse_args(arguments)
    good = True
    for name in options.only:
        for skip in (False, True):
            result = check(name, skip_preflight=skip)
            good &= not result.problems
            verdict = "; ".join(result.problems) or "nothing passed"
            mode = "without preflight" if skip else "with preflight"
            sys.stdout.write(
                f"{name} ({mode}): {verdict}, exit {result.code}, {result.seconds:.1f} s\n  {result.message}\n"
            )
            sys.stdout.flush()
    return 0 if good else 1


def check(name: str, *, skip_preflight: bool) -> Result:
    """Serve one of them, and run the suite against it."""
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="pluralkit-mutation-") as folder,
        serving(SERVERS[name]) as url,
    ):
        words = ["--base-url", url, "--name", "trivial", "--report-folder", folder]
        words += ["--skip-preflight"] if skip_preflight else []
        environment = {**os.environ, "PK_TOKEN": "owner-token", "PK_OTHER_TOKEN": "other-token"}
        completed = Forked(["run", *words], environment, Path(folder)).wait(4 * LONGEST_RUN)
        seconds = time.monotonic() - started
        passed = _passed(Path(folder))
    printed = completed.stderr.strip() or completed.stdout.strip()
    last = [line for line in printed.splitlines() if "report: " not in line][-1:]
    return Result(completed.returncode, seconds, passed, "".join(last))


@contextlib.contextmanager
def serving(server: TrivialServer) -> Iterator[str]:
    """Serve one of them in a process of its own; yield its base URL."""
    listener = http.server.ThreadingHTTPServer((faulty_servers.HOST, 0), _handler(server))
    child = faulty_servers.fork(listener.serve_forever)
    listener.server_close()
    try:
        yield f"http://{faulty_servers.HOST}:{listener.server_address[1]}/v2"
    finally:
        faulty_servers.stop(child)


def _handler(server: TrivialServer) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            self.close_connection = True
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                return
            self.rfile.read(int(self.headers.get("content-length") or 0))
            time.sleep(server.delay)
            if server.status is not None:
                self._respond(server.status)

        def _respond(self, status: int) -> None:
            self.send_response(status)
            headers = {"Content-Type": server.kind, **server.headers}
            for name, value in headers.items():
                self.send_header(name, value or self.path)
            self.end_headers()
            self.wfile.write(server.body.encode() if self.command != "HEAD" else b"")

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    return Handler


def _passed(folder: Path) -> list[str]:
    reports: list[dict[str, Any]] = [
        json.loads(path.read_text("utf-8")) for path in folder.rglob("report.json")
    ]
    return [
        row["id"]
        for report in reports
        for row in report["requirements"]
        if row["verdict"] == "passed"
    ]
