"""From outcomes to verdicts and exit codes."""

from __future__ import annotations

import dataclasses
import itertools

import pytest

from conformance.contract import Requirement
from conformance.http.outcomes import BudgetSpent
from conformance.reporting.events import OUTCOMES as EVERY_OUTCOME
from conformance.run.verdicts import (
    CheckResult,
    Exit,
    exit_code,
    judge,
    outcome_at_level,
)

RULE = Requirement("rule", "A rule.", "must", "Keys and null", "models", "models", "2021-11")
OUTCOMES = [outcome for outcome in EVERY_OUTCOME if outcome != "not-applicable"]


def verdict(*outcomes: str) -> str:
    """Return the verdict on a rule whose checks had these outcomes."""
    results = [CheckResult(f"c{n}", ("rule",), outcome, "") for n, outcome in enumerate(outcomes)]
    [judgement] = judge([RULE], results)
    return judgement.verdict


@pytest.mark.parametrize(("worse", "better"), list(itertools.combinations(OUTCOMES, 2)))
def test_worst_outcome_wins(worse: str, better: str) -> None:
    """Of two outcomes the worse one is the verdict, in whichever order they came."""
    assert verdict(worse, better) == verdict(better, worse) == worse


@pytest.mark.parametrize("other", OUTCOMES)
def test_not_applicable_counts_only_alone(other: str) -> None:
    """A check that was not applicable does not count beside one that was."""
    assert verdict("not-applicable", other) == other
    assert verdict("not-applicable", "not-applicable") == "not-applicable"


def test_generated_check_without_requests_counts_only_alone() -> None:
    """What other checks tested is not untested for lack of a budget; what only that check tests is."""
    unsent = CheckResult("generated", ("rule",), "untested", BudgetSpent("getMember").reason)
    [alone] = judge([RULE], [unsent])
    [beside] = judge([RULE], [CheckResult("good", ("rule",), "passed", ""), unsent])
    assert (alone.verdict, beside.verdict) == ("untested", "passed")


def test_judgement_has_the_reason() -> None:
    """A judgement has the reason of the check with the worst outcome, and the names of all checks."""
    results = [
        CheckResult("good", ("rule",), "passed", ""),
        CheckResult("bad", ("rule", "other-rule"), "failed", "because"),
    ]
    [judgement] = judge([RULE], results)
    assert (judgement.reason, judgement.checks) == ("because", ("good", "bad"))


def test_one_check_of_two_levels() -> None:
    """A check that refutes a MUST and a SHOULD fails the former and is a warning for the latter."""
    advice = dataclasses.replace(RULE, id="advice", level="should")
    results = [
        CheckResult("both", ("rule", "advice"), "failed", "because"),
        CheckResult("late", ("rule", "advice"), "inconclusive", "gone"),
    ]
    judgements = judge([RULE, advice], results)
    assert [(made.verdict, made.reason) for made in judgements] == [
        ("failed", "because"),
        ("inconclusive", "gone"),
    ]
    assert [made.verdict for made in judge([RULE, advice], results[:1])] == ["failed", "warned"]


def test_unchecked_requirements_are_not_judged() -> None:
    """A requirement that no check names has no verdict."""
    assert judge([RULE], []) == []


@pytest.mark.parametrize(
    ("outcome", "levels", "expected"),
    [
        ("failed", ["must"], "failed"),
        ("failed", ["should", "must"], "failed"),
        ("failed", ["should"], "warned"),
        ("failed", ["may"], "warned"),
        ("failed", ["unimplemented", "should"], "unimplemented"),
        ("failed", [], "warned"),
        ("error", ["should"], "error"),
        ("passed", ["may"], "passed"),
    ],
)
def test_only_a_must_fails(outcome: str, levels: list[str], expected: str) -> None:
    """A violated requirement fails only if it is a MUST; other outcomes do not depend on the level."""
    assert outcome_at_level(outcome, levels) == expected


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ({"passed": 1}, Exit.CONFORMANT),
        ({"passed": 1, "warned": 1, "unimplemented": 1}, Exit.CONFORMANT),
        ({"passed": 1, "not-applicable": 5}, Exit.CONFORMANT),
        ({"passed": 1, "failed": 1, "error": 1}, Exit.NOT_CONFORMANT),
        ({"passed": 1, "error": 1}, Exit.SUITE_FAILED),
        ({"passed": 1, "known": 2}, Exit.CONFORMANT),
        ({"passed": 1, "known": 2, "failed": 1}, Exit.NOT_CONFORMANT),
        ({"passed": 1, "untested": 1}, Exit.INCOMPLETE),
        ({"passed": 1, "inconclusive": 1}, Exit.INCOMPLETE),
        ({"not-applicable": 1}, Exit.INCOMPLETE),
        ({}, Exit.INCOMPLETE),
    ],
)
def test_exit_codes(verdicts: dict[str, int], code: Exit) -> None:
    """The exit code follows from the verdicts; nothing tested is never a success."""
    assert exit_code(verdicts, interrupted=False, allow_untested=False) is code


def test_options_change_the_exit_code() -> None:
    """Untested requirements can be allowed, nothing at all cannot; an interrupted run is always 2."""
    untested = {"passed": 1, "untested": 1}
    assert exit_code(untested, interrupted=False, allow_untested=True) is Exit.CONFORMANT
    assert exit_code({}, interrupted=False, allow_untested=True) is Exit.INCOMPLETE
    assert exit_code({"failed": 1}, interrupted=True, allow_untested=True) is Exit.INTERRUPTED


def test_outdated_entries_change_the_exit_code() -> None:
    """A known failure that is fixed or expired fails the run, unless it was interrupted."""
    for interrupted, code in ((False, Exit.NOT_CONFORMANT), (True, Exit.INTERRUPTED)):
        made = exit_code({"passed": 1}, interrupted=interrupted, allow_untested=True, outdated=True)
        assert made is code
