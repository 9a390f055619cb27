"""Several workers of pytest-xdist: one of them runs all checks that change the system."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from conformance.contract import revisions
from conformance.run.checks_by_requirement import functions_that_change_the_system

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Checks, Reference, Run


def test_one_worker_changes_the_system(
    run_suite: Run, reference: Reference, checks: Checks, tmp_path: Path
) -> None:
    """Both workers send requests, and all checks that change the system are on one of them."""
    modules = [checks(name) for name in ("auth/authentication", "patch/bodies")]
    run = run_suite("--target", str(reference.target_file), *modules, "-n", "2")
    assert run.returncode == 0, run.stdout + run.stderr
    log = tmp_path / "reports" / "reference" / revisions()[0] / "events.jsonl"
    events = map(json.loads, log.read_text("utf-8").splitlines())
    ended = [event for event in events if event["event"] == "check-finished"]
    workers: dict[bool, set[str]] = {True: set(), False: set()}
    for check in ended:
        function = check["check"].partition("::")[2].partition("[")[0]
        changes = function in functions_that_change_the_system()
        workers[changes] |= {exchange.partition("-")[0] for exchange in check["exchanges"]}
    assert len(workers[True]) == 1
    assert workers[True] | workers[False] == {"gw0", "gw1"}


def test_progress_of_workers(run_suite: Run, reference: Reference) -> None:
    """A line is printed for each module when its checks have ended, as without workers."""
    run = run_suite("--target", str(reference.target_file), "-k", "user_agent", "-n", "2")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "\n  user_agent/user_agent " in run.stdout
