"""Requirements that no fault violates alone, and what else the last full run reported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from conformance.mutation.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path


def test_every_requirement_without_fault_has_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each requirement with a check has a fault that violates it alone, or a reason why there is none."""
    assert main(["faults", "--gaps", "--report-folder", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "have a fault of their own" in shown
    assert "NO REASON" not in shown


def test_what_else_a_full_run_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A fault that violated more than its `violates` is printed with those requirements."""
    row = {
        "fault": "never_limits",
        "revision": "2025-08",
        "violates": ["a"],
        "named": {"a": 1, "b": 1},
    }
    made = {"full": True, "trials": [row]}
    (tmp_path / "faults.json").write_text(json.dumps(made), "utf-8")
    main(["faults", "--gaps", "--report-folder", str(tmp_path)])
    assert "never_limits at 2025-08 violates, too: b" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["no-such-verb"]])
def test_verb_is_needed(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Without a known verb the verbs are printed."""
    assert main(words) == 4
    printed = capsys.readouterr()
    assert "trivial-servers" in printed.out + printed.err
