"""`trivial-servers`: servers that are no API at all. Nothing may pass on them, and the run must end soon and say why.

Each is served over a real socket, and checked by what users run: once as it is, and once past preflight.
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

LONGEST = 30.0  # seconds that a run may take
CODES = (1, 4, 5)
HANG = 60.0  # seconds, more than any client waits
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
class Null:
    """What a server returns to everything; without a status it hangs up, at once or after a long time."""

    status: int | None
    body: str = ""
    kind: str = "application/json"
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    delay: float = 0.0


def _error(status: int, code: int) -> Null:
    return Null(status, json.dumps({"message": "No.", "code": code}))


NULLS: dict[str, Null] = {
    "not-found": Null(404, "Not Found", "text/plain"),
    "empty-object": Null(200, "{}"),
    "empty-list": Null(200, "[]"),
    "no-content": Null(204),
    "server-error": Null(500, "Internal Server Error", "text/plain"),
    "redirect-to-itself": Null(302, headers={"Location": ""}),
    "html-page": Null(200, "<!doctype html><html><title>Welcome</title></html>", "text/html"),
    "wrong-model": Null(200, json.dumps(MEMBER)),
    "hang-up": Null(None),
    "hang": Null(None, delay=HANG),
    "error-objects-of-404": _error(404, 20001),
    "error-objects-of-401": _error(401, 0),
}


@dataclasses.dataclass
class Finding:
    """How a run against one of them went."""

    server: str
    skipped_preflight: bool
    code: int
    seconds: float
    passed: list[str]
    said: str

    @property
    def problems(self) -> list[str]:
        """What is wrong with the suite, in a few words each."""
        return [
            *([f"passed {', '.join(self.passed)}"] if self.passed else []),
            *([f"took {self.seconds:.0f} s"] if self.seconds > LONGEST else []),
            *([f"exit code {self.code}"] if self.code not in CODES else []),
            *([] if self.said else ["said nothing"]),
        ]


def trivial_servers(arguments: Sequence[str]) -> int:
    """Run the suite against each; return 0 when nothing passed and each run ended as it should, else 1."""
    parser = Parser(prog="python -m conformance.mutation trivial-servers", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=NULLS, default=list(NULLS), metavar="NAME")
    options = parser.parse_args(arguments)
    good = True
    for name in options.only:
        for skip in (False, True):
            found = check(name, skip_preflight=skip)
            good &= not found.problems
            verdict = "; ".join(found.problems) or "nothing passed"
            way = "past preflight" if skip else "preflight"
            sys.stdout.write(
                f"{name} ({way}): {verdict}, exit {found.code}, {found.seconds:.1f} s\n  {found.said}\n"
            )
            sys.stdout.flush()
    return 0 if good else 1


def check(name: str, *, skip_preflight: bool) -> Finding:
    """Serve one of them, and run the suite against it."""
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="pluralkit-power-") as folder,
        serving(NULLS[name]) as url,
    ):
        words = ["--base-url", url, "--name", "null", "--report-folder", folder]
        words += ["--skip-preflight"] if skip_preflight else []
        environment = {**os.environ, "PK_TOKEN": "owner-token", "PK_OTHER_TOKEN": "other-token"}
        completed = Forked(["run", *words], environment, Path(folder)).end(4 * LONGEST)
        seconds = time.monotonic() - started
        passed = _passed(Path(folder))
    said = completed.stderr.strip() or completed.stdout.strip()
    last = [line for line in said.splitlines() if "report: " not in line][-1:]
    return Finding(name, skip_preflight, completed.returncode, seconds, passed, "".join(last))


@contextlib.contextmanager
def serving(null: Null) -> Iterator[str]:
    """Serve one of them in a process of its own; yield its base URL."""
    server = http.server.ThreadingHTTPServer((faulty_servers.HOST, 0), _handler(null))
    child = faulty_servers.fork(server.serve_forever)
    server.server_close()
    try:
        yield f"http://{faulty_servers.HOST}:{server.server_address[1]}/v2"
    finally:
        faulty_servers.stop(child)


def _handler(null: Null) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            self.close_connection = True
            self.raw_requestline = self.rfile.readline(65537)
            if not self.raw_requestline or not self.parse_request():
                return
            self.rfile.read(int(self.headers.get("content-length") or 0))
            time.sleep(null.delay)
            if null.status is not None:
                self._response(null.status)

        def _response(self, status: int) -> None:
            self.send_response(status)
            headers = {"Content-Type": null.kind, **null.headers}
            for name, value in headers.items():
                self.send_header(name, value or self.path)
            self.end_headers()
            self.wfile.write(null.body.encode() if self.command != "HEAD" else b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

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
