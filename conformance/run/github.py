"""A run in a GitHub job: its annotations, and its part of the job's summary. Elsewhere nothing here does anything."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.reporting.annotations import commands

if TYPE_CHECKING:
    from collections.abc import Mapping

RUNS_HERE = "GITHUB_ACTIONS"  # a runner sets it to `true`
SUMMARY = "GITHUB_STEP_SUMMARY"  # names the file of the summary


def is_job(environment: Mapping[str, str]) -> bool:
    """Whether these are the variables of a GitHub job."""
    return environment.get(RUNS_HERE) == "true"


class Job:
    """The job in which the run is a step; what it prints between `begin` and `end` is no command, whatever the server sent."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._is_job = is_job(environment)
        self._summary = environment.get(SUMMARY)
        self._mark = ""

    def begin(self) -> list[str]:
        """Return what to print before everything else."""
        if not self._is_job:
            return []
        self._mark = secrets.token_hex(16)
        return [f"::stop-commands::{self._mark}"]

    def end(self, report: Mapping[str, Any], summary: Path) -> list[str]:
        """Append the summary to that of the job; return what to print after everything else. Without a report there is no summary."""
        lines = [f"::{self._mark}::"] if self._mark else []
        if self._is_job and report:
            lines += commands(report)
            lines += self._append(summary)
        return lines

    def _append(self, summary: Path) -> list[str]:
        try:
            if self._summary:
                with Path(self._summary).open("a", encoding="utf-8", newline="\n") as file:
                    file.write(summary.read_text("utf-8"))
        except OSError as problem:
            return [f"the job has no summary: {problem.strerror}"]
        return []
