"""The report of a real run on a faulty server that still runs, and Chromium to open it with."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import Reference, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Open = Callable[..., contextlib.AbstractContextManager[Page]]

CHROMIUM = "CHROMIUM"
"""The environment variable that names Chromium; the session `reports` sets it."""
FAULTS = (
    "leaks_member_banner",
    "lets_anonymous_delete_group",
    "ignores_limit_of_icon",
    "shows_created_of_member_as_date",
    "returns_code_0_for_30003",
)


@dataclasses.dataclass(frozen=True)
class Report:
    """The page of a run, and the server that was checked."""

    page: Path
    server: Reference

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which a reader pastes a line."""
        tokens = {"PK_TOKEN": self.server.token, "PK_OTHER_TOKEN": self.server.other_token}
        folder = os.path.dirname(sys.executable)  # noqa: PTH120 - a part of PATH
        return {**os.environ, **tokens, "PATH": f"{folder}:{os.environ['PATH']}"}


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    """The report of a run without generated requests; the server runs to the end of the tests."""
    folder = tmp_path_factory.mktemp("faulty")
    faults = [word for fault in FAULTS for word in ("--fault", fault)]
    with running(folder, *faults) as server:
        words = ("--target", str(server.target_file), "--budget", "0", "--report-folder", "reports")
        line = [sys.executable, "-m", "conformance", "run", *words]
        done = subprocess.run(line, cwd=folder, capture_output=True, check=False)
        assert done.returncode == 1, done.stderr
        [page] = folder.glob("reports/*/*/index.html")
        yield Report(page, server)


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
