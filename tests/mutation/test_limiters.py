"""Faults of rate limits on every kind of limiter; trials in the log are not repeated."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from conformance.mutation.limiters import Cell, limiters, table

if TYPE_CHECKING:
    from pathlib import Path

LAUNCH = "2021-11"
WORDS = ("--revision", LAUNCH, "--limiter", "gcra", "token-bucket")


@pytest.mark.long
def test_fault_is_killed_on_each_limiter(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A limit that is one too high is found on each limiter; a second run tries nothing."""
    words = [*WORDS, "--only", "lets_one_too_many_through", "--report-folder", str(tmp_path)]
    row = "| lets_one_too_many_through at 2021-11 | killed | killed |"
    for tried in (2, 0):
        assert limiters(words) == 0, capfd.readouterr().out
        lines = capfd.readouterr().out.splitlines()
        assert sum(line.startswith("[") for line in lines) == tried
        assert row in lines
    log = (tmp_path / "limiters.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["limiter"] for line in log} == {"gcra", "token-bucket"}


@pytest.mark.long
def test_limiters_without_fault_are_clean(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Without a fault no requirement is reported, with any latency."""
    words = ["--revision", LAUNCH, "--limiter", "fixed-window", "--latency", "0", "50"]
    assert limiters([*words, "--sound", "1", "--report-folder", str(tmp_path)]) == 0
    assert "| none at 2021-11 | clean | clean |" in capfd.readouterr().out


@pytest.mark.unmeasured
def test_missing_headers(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Missing headers are found without a burst."""
    words = ["--revision", "2025-08", "--limiter", "gcra", "--only", "omits_rate_limit_headers"]
    assert limiters([*words, "--report-folder", str(tmp_path)]) == 0
    assert "| omits_rate_limit_headers at 2025-08 | killed |" in capfd.readouterr().out


def test_table_counts_verdicts() -> None:
    """Several trials of a cell are counted by verdict."""
    verdicts = {
        Cell("none", LAUNCH, "gcra", 0, repetition): verdict
        for repetition, verdict in enumerate(("clean", "clean", "false alarm"))
    }
    assert table(verdicts).splitlines()[-1] == "| none at 2021-11 | 2 clean, 1 false alarm |"


def test_unknown_fault_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Bad input is one line and exit code 4."""
    assert limiters(["--only", "no_such_fault"]) == 4
    assert "unknown fault 'no_such_fault'" in capsys.readouterr().err
