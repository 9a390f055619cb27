"""The plugin, with small checks: the verdict for each kind of outcome."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import pytest

from tests.run.conftest import verdicts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

    from tests.conftest import ReadReport, Reference, Run

    RunChecks = Callable[..., CompletedProcess[str]]

HEAD = """
import pytest
from conformance.checks import requirement
from conformance.http import Inconclusive, PreconditionFailed
from conformance.http.assertions import expect_status, need_success
ME = {"systemId": "@me"}
"""


@pytest.fixture
def run_checks(run_suite: Run, reference: Reference, tmp_path: Path) -> RunChecks:
    """Return a function that runs a module of checks, given as text, on the reference server."""

    def run(text: str, *words: str) -> CompletedProcess[str]:
        module = tmp_path / "own.py"
        module.write_text(HEAD + textwrap.dedent(text), encoding="utf-8")
        return run_suite("--target", str(reference.target_file), str(module), *words)

    return run


def checks_of(report: dict[str, Any], requirement: str) -> dict[str, Any]:
    """Return the first check of a requirement."""
    [row] = [row for row in report["requirements"] if row["id"] == requirement]
    check: dict[str, Any] = row["checks"][0]
    return check


def test_each_outcome(run_checks: RunChecks, report: ReadReport) -> None:
    """Each outcome of a check becomes the verdict on its requirement."""
    run = run_checks(
        '''
        @requirement("err-20001")
        def check_passes():
            """It is so."""

        @requirement("err-20002")
        def check_skips():
            """It does not apply."""
            pytest.skip("not here")

        @requirement("err-20003")
        def check_lacks_a_precondition(owner):
            """It lacks something."""
            need_success(owner.send("getMember", {"memberId": "zzzzz"}))

        @requirement("err-20004")
        def check_is_inconclusive():
            """It had no response."""
            raise Inconclusive("gone")

        @requirement("err-20005")
        def check_is_as_upstream(owner):
            """It has a known deviation."""
            expect_status(owner.send("getSystem", ME), 400, as_upstream=True)

        @requirement("update-switch-members-only-own")
        def check_is_as_upstream_and_a_hole(owner):
            """It has a known deviation that fails all the same."""
            expect_status(owner.send("getSystem", ME), 400, as_upstream=True)

        @requirement("err-20006", "err-20007")
        def check_refutes_one_of_two(owner):
            """It is not so."""
            expect_status(owner.send("getSystem", ME), 400, violates=("err-20006",))
        '''
    )
    assert run.returncode == 1
    made = report()
    assert verdicts(made) == {
        "err-20001": "passed",
        "err-20002": "not-applicable",
        "err-20003": "untested",
        "err-20004": "inconclusive",
        "err-20005": "warned",
        "update-switch-members-only-own": "failed",
        "err-20006": "failed",
    }
    hole = checks_of(made, "update-switch-members-only-own")
    assert hole["reason"].startswith("as PluralKit production does: ")
    check = checks_of(made, "err-20006")
    assert check["description"] == "It is not so."
    assert (check["expected"], check["actual"]) == ("status 400", "status 200")
    assert made["exchanges"][check["evidence"]]["operation"] == "getSystem"


def test_untested_is_incomplete_unless_allowed(run_checks: RunChecks, report: ReadReport) -> None:
    """An untested requirement makes the run incomplete, unless --allow-untested is given."""
    text = '''
        @requirement("err-20001")
        def check_passes():
            """It is so."""

        @requirement("err-20003")
        def check_lacks_a_precondition():
            """It lacks something."""
            raise PreconditionFailed("no member")
        '''
    assert run_checks(text).returncode == 5
    assert report()["status"] == "incomplete"
    assert run_checks(text, "--allow-untested").returncode == 0
    assert verdicts(report())["err-20003"] == "untested"


def test_defect_of_a_check(run_checks: RunChecks, report: ReadReport, reference: Reference) -> None:
    """A check that raises any other exception is a defect of the suite; no token is shown."""
    run = run_checks(
        '''
        @requirement("err-20001")
        def check_raises(target):
            """It raises."""
            raise ValueError(target.token)
        '''
    )
    assert run.returncode == 3
    assert report()["status"] == "suite error"
    assert verdicts(report()) == {"err-20001": "error"}
    assert checks_of(report(), "err-20001")["reason"] == "ValueError: $PK_TOKEN"
    assert reference.token not in run.stdout + run.stderr


def test_unknown_requirement(run_checks: RunChecks) -> None:
    """A check that names a requirement that is not in the catalogue stops the run."""
    run = run_checks('@requirement("no-such-rule")\ndef check_x():\n    """X."""\n')
    assert run.returncode == 4
    assert "check_x names unknown requirements: no-such-rule" in run.stdout + run.stderr


def test_module_that_cannot_be_collected(run_checks: RunChecks) -> None:
    """A module of checks that cannot be imported is shown, and the run fails."""
    run = run_checks("raise RuntimeError('broken module')")
    assert run.returncode not in (0, 1)
    assert "broken module" in run.stdout
