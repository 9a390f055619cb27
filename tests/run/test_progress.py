"""What a run prints while it goes on and in the end."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from conformance.reporting.terminal import WIDTH

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Checks, ReadReport, Reference, Run, StartReference

FAULT, ID = "delete_switch_returns_200", "delete-switch-204"
MODULES = ("switches/deletion", "user_agent/user_agent")
MANY = [
    "shows_no_last_message_as_empty_text",
    "takes_one_character_more_in_group_banner",
    "patch_sets_system_uuid",
    "patch_ignores_null",
    "settings_lack_last_latch_timestamp",
    "system_guild_tag_is_unlimited",
    "settings_pings_enabled_is_text",
    "omits_banner_of_group",
    "new_switch_takes_short_ids_alone",
    "takes_group_color_of_three_digits",
    "settings_lack_timezone",
    "switches_need_me",
    "new_switch_needs_a_member",
    "takes_one_character_more_in_group_name",
    "limits_are_one_lower",
]


def run_with_fault(start: StartReference, run_suite: Run, checks: Checks, *words: str) -> list[str]:
    """Run two modules against a server with a fault; return what was printed."""
    with start("--fault", FAULT) as server:
        target = ("--target", str(server.target_file))
        run = run_suite(*target, *map(checks, MODULES), *words)
    assert run.returncode == 1, run.stdout + run.stderr
    return run.stdout.splitlines()


def test_a_requirement_is_named_when_it_is_first_violated(
    start_reference: StartReference, run_suite: Run, checks: Checks
) -> None:
    """Its name comes before the end, once, and the end says how to run it again."""
    printed = run_with_fault(start_reference, run_suite, checks)
    [early] = [n for n, line in enumerate(printed) if line.startswith(f"  FAILED {ID}: ")]
    [late] = [n for n, line in enumerate(printed) if line.startswith(f"FAILED {ID} (must, ")]
    assert early < late
    again = printed.index("to run it again:")
    assert printed[again + 1].startswith("  python -m conformance run ")
    assert f"--requirement {ID}" in "".join(printed[again:])
    assert printed[-2] == "partial: not conformant: 1 requirement violated"


def test_quiet(start_reference: StartReference, run_suite: Run, checks: Checks) -> None:
    """With --quiet there is the result alone."""
    headline, counts = run_with_fault(start_reference, run_suite, checks, "--quiet")
    assert headline == "partial: not conformant: 1 requirement violated"
    assert " checks, " in counts


def test_verbose(start_reference: StartReference, run_suite: Run, checks: Checks) -> None:
    """With --verbose each module has a line, and each failure its request."""
    printed = run_with_fault(start_reference, run_suite, checks, "--verbose")
    for module in MODULES:
        assert any(line.startswith(f"  {module} ") for line in printed)
    assert any(line.startswith("    sent as owner: curl -X DELETE ") for line in printed)


def test_on_a_terminal(reference: Reference, checks: Checks, tmp_path: Path) -> None:
    """On a terminal a bar shows how far the run is, and is gone in the end."""
    main, other = pty.openpty()
    words = ("--target", str(reference.target_file), checks("user_agent/user_agent"))
    command = [sys.executable, "-m", "conformance", "run", *words]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, stdout=other, cwd=tmp_path, env=environment) as process:
        os.close(other)
        shown = b""
        while chunk := _read(main):
            shown += chunk
        assert process.wait() == 0
    os.close(main)
    assert b"\x1b[?25lpreflight " in shown
    assert b"partial: conformant: " in shown


def _read(descriptor: int) -> bytes:
    """Read from a terminal; nothing at its end, which Linux calls an error."""
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""


def test_pytest_says_nothing_of_skipped_checks(
    reference: Reference, run_suite: Run, report: ReadReport
) -> None:
    """A check of a table without rows is not applicable, in our words."""
    words = ("--target", str(reference.target_file), "--budget", "0", "-k", "NOTSET")
    assert run_suite(*words).returncode == 5
    checks = [check for row in report()["requirements"] for check in row["checks"]]
    assert {check["outcome"] for check in checks} == {"not-applicable"}
    assert {check["reason"] for check in checks} == {
        "the docs of this revision have nothing that it could look at"
    }


@pytest.mark.long
def test_many_violations(
    start_reference: StartReference, run_suite: Run, report: ReadReport
) -> None:
    """A whole run that finds thirty requirements violated prints at most 120 lines of at most 100 columns; the report has all."""
    faults = [word for name in MANY for word in ("--fault", name)]
    with start_reference(*faults) as server:
        run = run_suite("--target", str(server.target_file), "--budget", "0")
    assert report()["counts"]["failed"] >= 30
    printed = run.stdout.splitlines()
    assert len(printed) <= 120
    assert max(len(line) for line in printed[:-1]) <= WIDTH
    assert printed[-1].endswith("index.html")
