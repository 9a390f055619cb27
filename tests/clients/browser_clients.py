"""A page in Chromium calls the server with `fetch` from another origin, in both modes.

Not collected with the other tests, as it needs Chromium: the session `clients` names this file.
"""

from __future__ import annotations

import contextlib
import http.server
import shutil
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.clients import table
from tests.clients.drivers import MODES, Variables, sandbox
from tests.clients.published import HERE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.clients.conftest import Record

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


class _Page(http.server.BaseHTTPRequestHandler):
    """An empty page."""

    def do_GET(self) -> None:
        """Return the page."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>A page</title>")

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextlib.contextmanager
def served_page() -> Iterator[str]:
    """Serve a page on a port of its own; give its URL."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@dataclass(frozen=True)
class Visit:
    """What came of a page: the browser's version, its steps, and the methods of what it sent."""

    version: str
    steps: list[tuple[str, str | None]]
    methods: set[str]


def visit(address: str, variables: Variables) -> Visit:
    """Open the page, and let it call the server."""
    methods: set[str] = set()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_page()
        page.goto(address)
        watched = page.context.new_cdp_session(page)  # a page's own events leave preflights out
        watched.on(
            "Network.requestWillBeSent",
            lambda event: methods.add(event["request"]["method"]),
        )
        watched.send("Network.enable")
        steps = page.evaluate((HERE / "page.js").read_text("utf-8"), variables)
        version = chromium.version
        chromium.close()
    return Visit(version, [(name, error) for name, error in steps], methods)


@pytest.mark.skipif(CHROMIUM is None, reason="page in Chromium: no chromium on this machine")
@pytest.mark.parametrize("mode", MODES)
def test_page(mode: str, tmp_path: Path, record: Record) -> None:
    """Everything works from another origin: with a token, with a body, and with what a page may read of a response."""
    with sandbox(mode, tmp_path) as variables, served_page() as address:
        seen = visit(address, variables)
    failed = {name: error for name, error in seen.steps if error is not None}
    record(table.row("page in Chromium", seen.version, mode, len(seen.steps), len(failed)))
    assert (failed, len(seen.steps)) == ({}, 11)
    assert seen.methods == {"GET", "POST", "PATCH", "DELETE", "OPTIONS"}, "a browser asks first"
