"""A run that met a server error reports a failure for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.run.conftest import verdicts

if TYPE_CHECKING:
    from tests.conftest import ReadReport, Run, StartReference

FAULT = "fails_on_hidden_groups_with_members"


def test_precondition_that_is_5xx_fails_its_own_requirement(
    start_reference: StartReference, run_suite: Run, report: ReadReport
) -> None:
    """What the check is about is untested; that the server failed is a failure, in a run of that check alone, too."""
    with start_reference("--fault", FAULT) as server:
        words = ("--target", str(server.target_file), "--name", "mine")
        run = run_suite(*words, "--requirement", "group-list-privacy-covers-with-members")
    found = verdicts(report("mine"))
    assert run.returncode == 1, run.stdout
    assert found["group-list-privacy-covers-with-members"] == "untested"
    assert found["errors-are-4xx-json"] == found["get-groups-returns-list"] == "failed"


def test_server_error_that_no_check_fails_with_is_reported(
    start_reference: StartReference, run_suite: Run, report: ReadReport
) -> None:
    """A check that accepts any rejection passes with a 500; the check at the end of the run does not."""
    with start_reference("--fault", "fails_on_switches_without_members") as server:
        words = ("--target", str(server.target_file), "--name", "mine")
        run = run_suite(*words, "-k", "creation.py or server_errors.py")
    assert run.returncode == 1, run.stdout
    failed = {name for name, verdict in verdicts(report("mine")).items() if verdict == "failed"}
    assert failed == {"errors-are-4xx-json"}
