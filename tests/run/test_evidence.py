"""What led to a failure is shown with every failed check: counted over all hand-written checks on servers with faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import ReadReport, Run, StartReference

# What these modules judge the run has not written: messages that the tester names, and a system in which nothing is yet.
NOT_WRITTEN = ("messages/", "switches/empty_history")


@pytest.mark.long
@pytest.mark.parametrize(
    "fault", ["patch_clears_unsent_member_keys", "leaks_member_birthday", "removes_all_on_remove"]
)
def test_every_failure_shows_what_led_to_it(
    start_reference: StartReference, run_suite: Run, report: ReadReport, fault: str
) -> None:
    """Each failed check shows the judged request, and before it the write that caused what it shows."""
    with start_reference("--fault", fault, "--rate-limit", "off") as server:
        words = ("--target", str(server.target_file), "--budget", "0", "-k", "not rate_limits")
        assert run_suite(*words).returncode == 1
    made = report()
    failed = {
        check["check"]: check
        for requirement in made["requirements"]
        for check in requirement["checks"]
        if check["outcome"] == "failed"
    }
    assert failed
    assert all(check["evidence"] in made["exchanges"] for check in failed.values())
    without = [name for name, check in failed.items() if not shows_a_write(check, made)]
    assert [name for name in without if not name.startswith(NOT_WRITTEN)] == []


def shows_a_write(check: dict[str, Any], made: dict[str, Any]) -> bool:
    """Whether one of the exchanges of a check may have changed something."""
    steps = [*check["before"], check["evidence"]]
    return any(made["exchanges"][step]["method"] != "GET" for step in steps)
