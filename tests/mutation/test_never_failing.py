"""A check that the last run of faults did not see fail is tried alone, until some fault makes it fail."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from conformance.contract import revisions
from conformance.mutation.__main__ import main
from conformance.mutation.never_failing import requirements_of

if TYPE_CHECKING:
    from pathlib import Path

UNSEEN = "user_agent/user_agent::check_empty_user_agent_is_400"


@pytest.mark.long
def test_unseen_check_fails_for_some_fault(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Of all checks one was not seen to fail; it is shown with a fault that it catches."""
    known = {name for revision in revisions() for name in requirements_of(revision)}
    assert UNSEEN in known
    seen = {"trials": [{"failing": sorted(known - {UNSEEN})}]}
    (tmp_path / "faults.json").write_text(json.dumps(seen), "utf-8")
    assert main(["never-failing", "--report-folder", str(tmp_path)]) == 0
    said = capfd.readouterr().out
    assert f"{len(known) - 1} of {len(known)} failed in the last run of faults" in said
    assert f"  {UNSEEN}: accepts_empty_user_agent at 2025-08" in said
    assert f"{len(known)} of {len(known)} checks fail for some fault" in said


def test_nothing_is_tried_where_all_were_seen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the last run of faults saw to fail needs no other fault."""
    known = {name for revision in revisions() for name in requirements_of(revision)}
    (tmp_path / "faults.json").write_text(json.dumps({"trials": [{"failing": sorted(known)}]}))
    assert main(["never-failing", "--report-folder", str(tmp_path)]) == 0
    assert f"{len(known)} of {len(known)} checks fail for some fault" in capsys.readouterr().out
