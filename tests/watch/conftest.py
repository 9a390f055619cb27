"""Fixtures: a watch in a process of its own, in front of a server."""

from __future__ import annotations

import contextlib
import json
import re
import time
from typing import TYPE_CHECKING, Any

import pytest

from conformance.mutation.forked import Forked
from tests.conftest import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    StartWatch = Callable[..., AbstractContextManager["Watch"]]


class Watch:
    """A watch that runs, and what it reported once it has ended."""

    def __init__(
        self, base_url: str, folder: Path, words: list[str], variables: dict[str, str]
    ) -> None:
        """Start it in a folder."""
        self.folder = folder
        options = ["--base-url", base_url, "--report-folder", str(folder / "reports"), *words]
        self._process = Forked(["watch", *options], variables, folder)
        self.base_url = self._listening()

    def _listening(self) -> str:
        """Return the base URL for the client, once it is printed."""
        deadline = time.monotonic() + TIMEOUT
        while True:
            found = re.search(r"^watching (\S+) for [^\n]*\ngive", self.printed, re.MULTILINE)
            if found:
                return found[1]
            assert self._process.is_alive, self._process.wait(TIMEOUT)
            assert time.monotonic() < deadline, "the watch did not start"
            time.sleep(0.005)

    @property
    def printed(self) -> str:
        """What it printed so far."""
        file = self.folder / "out.txt"
        return file.read_text("utf-8") if file.exists() else ""

    def end(self) -> int:
        """Let it end as Ctrl-C does; return its exit code."""
        self._process.stop()
        return self._process.wait(TIMEOUT).returncode

    @property
    def report(self) -> dict[str, Any]:
        """Its report.json."""
        (file,) = (self.folder / "reports").rglob("report.json")
        content: dict[str, Any] = json.loads(file.read_text("utf-8"))
        return content

    @property
    def verdicts(self) -> dict[str, str]:
        """The verdict on each habit."""
        return {row["id"]: row["verdict"] for row in self.report["requirements"]}

    @property
    def written(self) -> str:
        """All that it wrote and printed."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return "\n".join(path.read_text("utf-8", "replace") for path in files)


@pytest.fixture
def start_watch(
    environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> StartWatch:
    """Return a function that starts a watch in front of a base URL, with options of `watch`."""

    @contextlib.contextmanager
    def start(base_url: str, *words: str, **variables: str) -> Iterator[Watch]:
        folder = tmp_path_factory.mktemp("watch")
        watch = Watch(base_url, folder, list(words), environment | variables)
        try:
            yield watch
        finally:
            watch.end()

    return start
