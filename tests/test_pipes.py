"""Output that nobody reads to its end."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Checks, Reference


def first_line(words: list[str], folder: Path) -> tuple[str, int, str]:
    """Read one line of what a command prints, and close the pipe; return the line, the exit code and the errors."""
    command = [sys.executable, "-m", "conformance", *words]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        process.stdout.close()
        return line, process.wait(), process.stderr.read()


@pytest.mark.parametrize("words", [["serve", "--list-faults"], ["requirements", "list"]])
def test_listings_are_silent(words: list[str], tmp_path: Path) -> None:
    """A listing of which only the beginning is read ends without a message."""
    line, code, errors = first_line(words, tmp_path)
    assert line.strip()
    assert (code, errors) == (0, "")


def test_a_run_goes_on(reference: Reference, checks: Checks, tmp_path: Path) -> None:
    """A run that nobody reads any more comes to its end, with its reports and its exit code."""
    words = ["run", "--target", str(reference.target_file), checks("user_agent/user_agent")]
    line, code, errors = first_line(words, tmp_path)
    assert line.startswith("checking ")
    assert (code, errors) == (0, "")
    assert (tmp_path / "reports" / "reference" / "2025-08" / "report.json").exists()
