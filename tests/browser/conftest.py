"""The report of a real run on a faulty server that still runs, and Chromium to open it with."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.faulty_run import Report, faulty_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Open = Callable[..., contextlib.AbstractContextManager[Page]]

CHROMIUM = "CHROMIUM"
"""The environment variable that names Chromium; the session `reports` sets it."""


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    """The report of a run without generated requests; the server runs to the end of the tests."""
    with faulty_run(tmp_path_factory.mktemp("faulty")) as made:
        yield made


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report folder of a run on the embedded server, which has no faults, at the newest revision; its neighbour is of the older one."""
    folder = tmp_path_factory.mktemp("kept")
    line = [sys.executable, "-m", "conformance", "run", "--budget", "0", "--name", "kept"]
    done = subprocess.run(line, cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return max(folder.glob("reports/*/*"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        options: Any = {"executable_path": os.environ[CHROMIUM], "args": ["--no-sandbox"]}
        chromium = playwright.chromium.launch(**options)
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser: Browser) -> Open:
    """Return a function that opens a file as a page, which must neither send a request nor write to the console."""

    @contextlib.contextmanager
    def open_page(file: Path, address: str = "", **options: Any) -> Iterator[Page]:
        context = browser.new_context(**options)
        if options.get("java_script_enabled", True):
            context.grant_permissions(["clipboard-read", "clipboard-write"])
        page, seen = context.new_page(), list[str]()
        page.on("console", lambda message: seen.append(message.text))
        page.on("pageerror", lambda error: seen.append(str(error)))
        page.on("request", lambda request: seen.append(request.url))
        page.goto(f"{file.as_uri()}{address}")
        yield page
        own = (file.as_uri(), "data:,")
        assert [one for one in seen if not one.startswith(own)] == []
        context.close()

    return open_page
