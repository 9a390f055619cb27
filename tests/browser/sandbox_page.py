"""The pages of the sandbox in a browser: nothing from elsewhere, the log as requests come, copying, and hostile requests.

Not collected with the other tests, as it needs Chromium and axe: the session `reports` names this file.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conformance.sandbox.pages.parts import THIRD_PARTY
from tests.browser.accessibility import PHONE, findings, width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    Visit = Callable[..., contextlib.AbstractContextManager[Page]]

RENDERER = "RENDERER"
"""The environment variable that names the package of the renderer as npm has it; the session `reports` sets it."""
HOSTILE = "<script>document.title='taken'</script><img src=x onerror=document.title='taken'>"


@contextlib.contextmanager
def _served(*options: str) -> Iterator[str]:
    """Serve a sandbox as the command does; return its address."""
    words = [sys.executable, "-m", "conformance", "sandbox", "--rate-limit", "off", *options]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().split()[-1].removesuffix("/v2")
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    """The address of a sandbox."""
    with _served("--port", "0") as address:
        yield address


@pytest.fixture
def client(origin: str) -> Iterator[httpx.Client]:
    """A client of the first system, in a sandbox as at its start."""
    httpx.post(f"{origin}/_sandbox/reset", trust_env=False)
    httpx.delete(f"{origin}/_sandbox/requests", trust_env=False)
    shown = httpx.get(f"{origin}/_sandbox", trust_env=False).json()
    headers = {"Authorization": shown["systems"][0]["token"], "User-Agent": "a client"}
    with httpx.Client(base_url=f"{origin}/v2", headers=headers, trust_env=False) as made:
        yield made


@pytest.fixture
def visit(browser: Browser, origin: str) -> Visit:
    """Return a function that opens a path, which must ask no other server and write no error to the console."""

    @contextlib.contextmanager
    def open_page(path: str, **options: Any) -> Iterator[Page]:
        context = browser.new_context(**options)
        if options.get("java_script_enabled", True):
            context.grant_permissions(["clipboard-read", "clipboard-write"])
        page, wrong = context.new_page(), list[str]()
        page.on("console", lambda one: wrong.append(one.text) if one.type != "info" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request", lambda one: None if one.url.startswith(origin) else wrong.append(one.url)
        )
        page.goto(origin + path)
        yield page
        assert wrong == []
        context.close()

    return open_page


@contextlib.contextmanager
def _docs(visit: Visit, **options: Any) -> Iterator[Page]:
    """Open the page of the document, and wait until all of it is there."""
    with visit("/docs", **options) as page:
        page.wait_for_selector("h1:has-text('PluralKit')")
        page.evaluate(
            """async () => {
                for (let step = 0; step < 60; step += 1) {
                    scrollBy(0, 1200);
                    await new Promise(done => setTimeout(done, 50));
                }
            }"""
        )
        yield page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_first_page(
    visit: Visit, client: httpx.Client, scheme: str
) -> None:
    """The page is accessible without requests, and with one that worked and one that failed."""
    with visit("/", color_scheme=scheme) as page:
        page.wait_for_selector("#none:visible")
        assert findings(page) == []
        client.get("/systems/@me")
        client.get("/members/zzzzz")
        page.wait_for_selector("td.bad")
        assert findings(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_in_the_docs(visit: Visit, scheme: str, options: dict[str, Any]) -> None:
    """The document is accessible, read to its end, and no wider than the window."""
    with _docs(visit, color_scheme=scheme, **options) as page:
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_docs_name_the_sandbox(visit: Visit, origin: str) -> None:
    """The document is that of the API, with the URL of the sandbox, and asks nobody's opinion."""
    with _docs(visit) as page:
        text = page.inner_text("body")
        assert f"{origin}/v2" in text
        assert "Change the own system" in text
        assert "Ask AI" not in text
        page.click("text=Sandbox")
        page.wait_for_selector("h2:has-text('Systems')")


def test_live_log(visit: Visit, client: httpx.Client, origin: str) -> None:
    """What a client sends while the page is open is shown, newest first, with what was armed for it."""
    with visit("/") as page:
        page.wait_for_selector("#none:visible")
        client.get("/systems/@me", params={"a": "b c"})
        page.wait_for_selector("#log tr")
        cells = page.locator("#log tr").first.locator("td").all_inner_texts()
        assert cells[1:] == [
            "GET /v2/systems/@me?a=b+c",
            "200",
            "getSystem",
            "owner (ukgokv)",
            "",
            "a client",
        ]
        httpx.post(f"{origin}/_sandbox/failures", json={"failure": "500"}, trust_env=False)
        client.post("/members", json={"name": "Ann"})
        page.wait_for_selector("#log tr:nth-child(2)")
        cells = page.locator("#log tr").first.locator("td").all_inner_texts()
        assert cells[1:6] == ["POST /v2/members", "500", "createMember", "owner (ukgokv)", "500"]


def test_pause(visit: Visit, client: httpx.Client) -> None:
    """While it is paused nothing is added; after that all of it is."""
    with visit("/") as page:
        page.focus("#pause")
        page.keyboard.press("Enter")
        assert page.inner_text("#state") == "Paused."
        client.get("/systems/@me")
        page.wait_for_timeout(1500)
        assert page.locator("#log tr").count() == 0
        page.keyboard.press("Space")
        page.wait_for_selector("#log tr")
        assert page.inner_text("#state") == "Live."


def test_another_sandbox_at_the_same_address(browser: Browser) -> None:
    """The page says when the sandbox is gone, and shows the one that comes in its place, with its tokens."""
    page = browser.new_context().new_page()
    with _served("--port", "0") as address:
        page.goto(address)
        httpx.get(f"{address}/v2/systems/zzzzz", trust_env=False)
        page.wait_for_selector("#log tr")
        first = page.inner_text(".systems code >> nth=0")
    page.wait_for_selector("text=The sandbox does not respond.")
    with _served("--seed", "7", "--port", address.rpartition(":")[2]):
        page.wait_for_function("first => !document.body.innerText.includes(first)", arg=first)
        page.wait_for_selector("text=Live.")
        assert page.locator("#log tr").count() == 0
    page.context.close()


def test_dropped(visit: Visit, client: httpx.Client, origin: str) -> None:
    """A request that got no response stands in the log as such."""
    with visit("/") as page:
        httpx.post(f"{origin}/_sandbox/failures", json={"failure": "dropped"}, trust_env=False)
        with pytest.raises(httpx.HTTPError):
            client.get("/systems/@me")
        page.wait_for_selector("#log tr")
        cells = page.locator("#log tr").first.locator("td").all_inner_texts()
        assert (cells[2], cells[5]) == ("none", "dropped")


def test_copy(visit: Visit, client: httpx.Client) -> None:
    """A token is copied whole, and the line for a shell shows the system as it is pasted."""
    with visit("/") as page:
        page.locator("[aria-label^='Copy token']").first.click()
        token = page.evaluate("navigator.clipboard.readText()")
        assert token == client.headers["Authorization"]
        assert page.inner_text("#heard") == "Copied"
        page.click("text=Copy line")
        line = page.evaluate("navigator.clipboard.readText()")
    done = subprocess.run(["/bin/bash", "-c", line], capture_output=True, check=True, text=True)
    assert '"name":"First"' in done.stdout.replace('": "', '":"')


def test_hostile_input_stays_text(visit: Visit, client: httpx.Client) -> None:
    """Whatever a client or the name of a system holds is shown as it is, and does nothing."""
    with visit("/") as page:
        client.get(f"/members/{HOSTILE}", params={"q": HOSTILE}, headers={"User-Agent": HOSTILE})
        page.wait_for_selector("#log tr")
        cells = page.locator("#log tr").first.locator("td").all_inner_texts()
        assert cells[6] == HOSTILE
        assert "<script>" in cells[1]
        assert page.locator("#log script, #log img").count() == 0
        assert page.title() == "Sandbox of PluralKit API v2"
    client.patch("/systems/@me", json={"name": HOSTILE})
    with visit("/") as page:
        assert page.locator("h3").first.inner_text() == HOSTILE
        assert page.locator("main script, main img").count() == 0
        assert page.title() == "Sandbox of PluralKit API v2"


def test_phone(visit: Visit, client: httpx.Client) -> None:
    """Nothing is wider than a phone; the log scrolls in itself."""
    client.get("/systems/@me")
    with visit("/", **PHONE) as page:
        page.wait_for_selector("#log tr")
        assert width(page) <= 390


def test_keyboard(visit: Visit) -> None:
    """Each link and button is reached, and so is the log."""
    with visit("/") as page:
        page.wait_for_selector("#pause:visible")
        reached = set()
        for _ in range(30):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))
        all_of_them = page.evaluate(
            """[...document.querySelectorAll('a, button')].filter(one => one.checkVisibility())
            .map(one => one.outerHTML.slice(0, 120))"""
        )
        assert set(all_of_them) <= reached


def test_without_scripts(visit: Visit) -> None:
    """Without scripts the tokens are there, and a link to the log; there is no button that does nothing."""
    with visit("/", java_script_enabled=False) as page:
        assert page.locator("a[href='/_sandbox/requests']").is_visible()
        assert page.locator("button:visible").count() == 0


def test_the_renderer_is_what_npm_has() -> None:
    """The file of others that the project has is that of the package at the version named beside it, with its integrity."""
    lock = json.loads((THIRD_PARTY / "scalar.json").read_text("utf-8"))
    archive = Path(os.environ[RENDERER])
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    assert lock["integrity"] == f"sha512-{digest}"
    with tarfile.open(archive) as package:
        file = package.extractfile(f"package/{lock['file']}")
        assert file
        assert file.read() == (THIRD_PARTY / "scalar.js").read_bytes()
    licence = (THIRD_PARTY / "LICENSE.txt").read_text("utf-8")
    assert f"{lock['package']}, version {lock['version']}," in licence
