"""Every hand-written check passes on the reference server, in parts; those of rate limits are in `tests.verdicts.test_runs`."""

from __future__ import annotations

import contextlib
import functools
import pkgutil
from typing import TYPE_CHECKING

import pytest

from conformance import checks as written
from conformance.contract import load, revisions
from conformance.verdicts.inventory import checks_by_requirement
from tests.conftest import running
from tests.verdicts.conftest import verdicts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Checks, ReadReport, Reference, Run

PARTS = 4


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
    by_hand = {module.name for module in pkgutil.iter_modules(written.__path__)}
    return sorted(name for name in found & by_hand if not name.startswith("rate_"))


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
