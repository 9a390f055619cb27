"""A check that did not fail in the last run of faults runs alone, until it fails for some fault."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from conformance.contract import revisions
from conformance.mutation.__main__ import main
from conformance.mutation.never_failing import requirements_of

if TYPE_CHECKING:
    from pathlib import Path

UNFAILED = "user_agent/user_agent::check_rejection_has_a_json_body"


@pytest.mark.long
def test_check_fails_for_some_fault(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A check that did not fail in the last run is printed with a fault for which it fails."""
    known = {name for revision in revisions() for name in requirements_of(revision)}
    assert UNFAILED in known
    seen = {"trials": [{"failing": sorted(known - {UNFAILED})}]}
    (tmp_path / "faults.json").write_text(json.dumps(seen), "utf-8")
    assert main(["never-failing", "--report-folder", str(tmp_path)]) == 0
    output = capfd.readouterr().out
    assert f"{len(known) - 1} of {len(known)} failed in the last run of faults" in output
    assert f"  {UNFAILED}: returns_missing_user_agent_as_text at 2025-08" in output
    assert f"{len(known)} of {len(known)} checks fail for some fault" in output


def test_nothing_is_run_if_all_failed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A check that failed in the last run of faults is not run again."""
    known = {name for revision in revisions() for name in requirements_of(revision)}
    (tmp_path / "faults.json").write_text(json.dumps({"trials": [{"failing": sorted(known)}]}))
    assert main(["never-failing", "--report-folder", str(tmp_path)]) == 0
    assert f"{len(known)} of {len(known)} checks fail for some fault" in capsys.readouterr().out
