"""Every hand-written check passes on the reference server, and none crashes on one that violates much; in parts.

Those of rate limits are in files of their own, and in `tests.run.test_runs`.
"""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING

import pytest

from conformance.contract import load, revisions
from conformance.reference.faults import FAULTS
from conformance.run.checks_by_requirement import checks_by_requirement
from tests.conftest import running
from tests.run.conftest import verdicts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Checks, ReadReport, Reference, Run, StartReference

PARTS = 4
EACH = 40  # of so many faults one


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Reference]]:
    """Return the way to a server of a revision."""
    with contextlib.ExitStack() as stack:

        @functools.cache
        def serve(revision: str) -> Reference:
            folder = tmp_path_factory.mktemp(revision)
            return stack.enter_context(running(folder, "--revision", revision))

        yield serve


def modules(revision: str) -> list[str]:
    """Return the modules of the checks that a revision has."""
    checked = checks_by_requirement(load(revision)).values()
    found = {name.partition("::")[0] for names in checked for name in names}
    others = ("properties/", "rate_limits/")
    return sorted(name for name in found if not name.startswith(others))


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("revision", revisions())
def test_checks_pass(
    run_suite: Run,
    served: Callable[[str], Reference],
    checks: Checks,
    report: ReadReport,
    revision: str,
    part: int,
) -> None:
    """Nothing is found broken, nothing stays untested, and nothing is left behind."""
    words = ("--target", str(served(revision).target_file), "--revision", revision)
    run = run_suite(*words, *map(checks, modules(revision)[part::PARTS]))
    assert run.returncode == 0, run.stdout + run.stderr
    made = report(revision=revision)
    assert set(verdicts(made).values()) <= {"passed", "not-applicable"}
    assert made["left_over"] == []


@pytest.mark.long
@pytest.mark.parametrize("first", [0, 5])
def test_no_check_crashes(
    run_suite: Run,
    start_reference: StartReference,
    report: ReadReport,
    first: int,
) -> None:
    """On a server with many faults much is found broken, and whatever it returns no check is in error."""
    revision = revisions()[0]
    faults = [name for name in sorted(FAULTS) if FAULTS[name].only in (None, revision)]
    words = [word for fault in faults[first::EACH] for word in ("--fault", fault)]
    with start_reference(*words) as server:
        target = ("--target", str(server.target_file))
        run = run_suite(*target, "--budget", "0", "-k", "not rate_limits")
    assert run.returncode == 1, run.stdout + run.stderr
    assert "failed" in verdicts(report()).values()
    assert report()["checks"].get("error", 0) == 0
