"""The pages as responses: what is in them, their headers, who gets them, and that only `sandbox` has them. In a browser: `tests/browser/sandbox_page.py`."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.reference.application import Server
from conformance.reference.revisions import REVISIONS
from conformance.sandbox.pages.parts import FOLDER, PARTS
from conformance.sandbox.pages.site import pages
from tests.sandbox.conftest import Running, running

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT = {"openapi": "3.1.0", "servers": [{"url": "https://example.com"}]}


@contextmanager
def with_pages(revision: str = "2025-08", *, is_local: bool = True) -> Iterator[Running]:
    """Serve a sandbox that has pages."""
    server = Server(limited=False, revision=REVISIONS[revision])
    with running(server, is_local=is_local) as started:
        found = pages(server, lambda name: DOCUMENT | {"revision": name}, is_local=is_local)
        started.sandbox.pages = found
        yield started


def get(sandbox: Running, path: str, **headers: str) -> httpx.Response:
    """Request a page as a browser."""
    return httpx.get(sandbox.origin + path, headers=headers, trust_env=False)


def test_home() -> None:
    """It has URL, systems, accounts, tokens, guild and messages, and each system that was made since."""
    with with_pages() as sandbox:
        third = sandbox.control.post("/systems", json={"name": "Third"}).json()
        page = get(sandbox, "/").text
        shown = sandbox.control.get("").json()
        for system in (*shown["systems"], third):
            for value in (system["id"], system["uuid"], system["name"], system["token"]):
                assert value in page.replace("&#43;", "+")
        for name in ("guild_id", "message_id", "original_message_id", "deleted_message_id"):
            assert shown[name] in page
        assert f"{sandbox.origin}/v2" in page


def test_what_clients_sent_is_escaped() -> None:
    """A name of a system is text, and one may have none."""
    with with_pages() as sandbox:
        sandbox.api.patch("/systems/@me", json={"name": "<script>alert(1)</script>"})
        page = get(sandbox, "/").text
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>" not in page
        sandbox.api.patch("/systems/@me", json={"name": None})
        assert "(without a name)" in get(sandbox, "/").text


def test_document() -> None:
    """It is that of the revision, with the sandbox as its only server."""
    with with_pages("2021-11") as sandbox:
        for _ in range(2):
            found = get(sandbox, "/openapi.json").json()
            assert found["revision"] == "2021-11"
            assert [row["url"] for row in found["servers"]] == [f"{sandbox.origin}/v2"]


def test_headers() -> None:
    """Every page has a policy that lets nothing in from elsewhere, and nobody keeps or frames what has tokens."""
    with with_pages() as sandbox:
        for path in ("/", "/docs", "/openapi.json", *PARTS):
            response = get(sandbox, path)
            assert response.status_code == 200
            policy = response.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'self'; ")
            assert "frame-ancestors 'none'" in policy
            assert ("unsafe" in policy) == (path == "/docs")
            assert response.headers["Cache-Control"] == "no-store"
            assert "Access-Control-Allow-Origin" not in response.headers


def test_files_name_no_other_server() -> None:
    """What we wrote loads nothing from elsewhere, and has no script or style of its own in the page."""
    for path in FOLDER.iterdir():
        text = path.read_text("utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"//[a-z]+\.|<style|\son\w+=|\sstyle=", text), path
        assert not re.search(r"<script(?! src=)", text), path


def test_pages_of_other_origins_are_kept_out() -> None:
    """A page that gives a name of its own the address of this machine gets no token; a sandbox for other machines has any name."""
    with with_pages() as sandbox:
        response = get(sandbox, "/", Host="example.com")
        assert response.status_code == 403
        assert (
            response.text
            == "Host: 'example.com' is no loopback address; use 127.0.0.1 or localhost"
        )
        assert get(sandbox, "/", Origin="https://example.com").status_code == 403
    with with_pages(is_local=False) as sandbox:
        response = get(sandbox, "/openapi.json", Host="example.com")
        assert response.json()["servers"][0]["url"] == "http://example.com/v2"


def test_pages_are_not_in_the_log() -> None:
    """The log has what clients send."""
    with with_pages() as sandbox:
        get(sandbox, "/")
        get(sandbox, "/nothing")
        requests = sandbox.control.get("/requests").json()["requests"]
        assert [row["path"] for row in requests] == ["/nothing"]


@pytest.mark.parametrize(
    ("verb", "status"), [(("sandbox",), 200), (("serve", "--control"), 404), (("serve",), 404)]
)
def test_only_the_sandbox_has_them(verb: tuple[str, ...], status: int) -> None:
    """`serve` has none, with or without the control API."""
    words = [sys.executable, "-m", "conformance", *verb, "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        origin = process.stdout.readline().split()[-1].removesuffix("/v2")
        try:
            for path in ("/", "/docs", "/openapi.json", PARTS[0]):
                response = httpx.get(origin + path, trust_env=False, headers={"User-Agent": "a"})
                assert response.status_code == status
            if status == 200:
                found = httpx.get(f"{origin}/openapi.json", trust_env=False).json()
                assert found["info"]["version"] == "2025-08"
        finally:
            process.terminate()
