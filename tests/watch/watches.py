"""A watch in a process of its own, which a test lets end."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

from conformance.mutation.forked import Forked
from tests.conftest import TIMEOUT

if TYPE_CHECKING:
    from pathlib import Path


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
    def events(self) -> list[dict[str, Any]]:
        """The lines of its event log."""
        (file,) = (self.folder / "reports").rglob("events.jsonl")
        return [json.loads(line) for line in file.read_text("utf-8").splitlines()]

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
