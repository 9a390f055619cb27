"""The page of a client that was watched: it speaks of a client, and is as usable as that of a server.

Not collected with the other tests, as it needs Chromium: the session `reports` names this file.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.browser.accessibility import PHONE, findings, width

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import Open

SENDS = """
import contextlib, os, urllib.request
url = os.environ["PK_BASE_URL"]
for method, path, body in (("PATCH", "/members/abcde", b'{"Name": ""}'), ("PUT", "/x", None)):
    for _ in range(7):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(urllib.request.Request(url + path, body, method=method))
"""


@pytest.fixture(scope="module")
def client_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a client with some habits; the server behind the watch is down."""
    folder = tmp_path_factory.mktemp("client")
    words = ["watch", "--base-url", "http://127.0.0.1:9/v2", "--", sys.executable, "-c", SENDS]
    done = subprocess.run(
        [sys.executable, "-m", "conformance", *words], cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 1, done.stderr
    (page,) = folder.rglob("index.html")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened: Open, client_page: Path, scheme: str) -> None:
    """The page has no fault that axe knows, with all cards open."""
    with opened(client_page, color_scheme=scheme) as page:
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert findings(page) == []


def test_page_fits_on_a_phone(opened: Open, client_page: Path) -> None:
    """Nothing scrolls sideways."""
    with opened(client_page, **PHONE) as page:
        assert width(page) <= PHONE["viewport"]["width"]


def test_page_speaks_of_a_client(opened: Open, client_page: Path) -> None:
    """It says who was watched and how to do it again, and nothing of a profile, a seed or the tokens of a run."""
    with opened(client_page) as page:
        text = page.inner_text("body")
        assert "Client, and the server behind the watch" in text
        assert "Watch the client again" in text
        assert "python -m conformance watch --base-url" in text
        for word in ("Profile", "seed", "Run just this again", "PK_OTHER_TOKEN"):
            assert word not in text, word
