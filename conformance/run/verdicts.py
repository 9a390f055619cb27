"""The verdict on each requirement from the outcomes of its checks, and the exit code. Nothing here depends on pytest."""

from __future__ import annotations

import dataclasses
import enum
from typing import TYPE_CHECKING

from conformance.http.outcomes import NO_BUDGET
from conformance.reporting.events import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.contract import Requirement

WORST_FIRST = VERDICTS
OPEN = ("untested", "inconclusive")
NOT_REACHED = "not reached: "  # what the reasons of checks begin with that did not run


class Exit(enum.IntEnum):
    """Exit codes of a run, in line with pytest's own."""

    CONFORMANT = 0
    NOT_CONFORMANT = 1
    INTERRUPTED = 2
    SUITE_FAILED = 3
    USAGE = 4
    INCOMPLETE = 5


@dataclasses.dataclass(frozen=True)
class CheckResult:
    """The outcome of one check."""

    check: str
    requirements: tuple[str, ...]
    outcome: str
    reason: str


@dataclasses.dataclass(frozen=True)
class Judgement:
    """The verdict on one requirement, with the reason of the check with the worst outcome, and what the file of known failures says."""

    requirement: str
    verdict: str
    reason: str
    checks: tuple[str, ...]
    known_failure: Mapping[str, str] | None = None

    @property
    def is_unreached(self) -> bool:
        """Whether the run stopped before a check of the requirement ran."""
        return self.reason.startswith(NOT_REACHED)


def judge(requirements: Iterable[Requirement], results: Iterable[CheckResult]) -> list[Judgement]:
    """Judge every requirement that some check names; the worst outcome wins.

    A failure counts by the level of the requirement. not-applicable counts only if no check of the requirement was applicable.
    """
    by_requirement: dict[str, list[CheckResult]] = {}
    for result in results:
        for requirement in result.requirements:
            by_requirement.setdefault(requirement, []).append(result)
    return [
        _judge(requirement, by_requirement[requirement.id])
        for requirement in requirements
        if requirement.id in by_requirement
    ]


def outcome_at_level(outcome: str, levels: Iterable[str]) -> str:
    """Return the outcome for requirements of these levels: only a violated MUST is a failure."""
    if outcome != "failed" or "must" in (levels := set(levels)):
        return outcome
    return "unimplemented" if "unimplemented" in levels else "warned"


def exit_code(
    verdicts: Mapping[str, int],
    *,
    interrupted: bool,
    allow_untested: bool,
    outdated: bool = False,
) -> Exit:
    """Return the exit code for so many verdicts of each kind; `outdated` says whether entries of known failures have to be changed."""
    if interrupted:
        return Exit.INTERRUPTED
    if verdicts.get("failed") or outdated:
        return Exit.NOT_CONFORMANT
    if verdicts.get("error"):
        return Exit.SUITE_FAILED
    tested = sum(verdicts.values()) - verdicts.get("not-applicable", 0)
    still_open = sum(verdicts.get(verdict, 0) for verdict in OPEN)
    if not tested or (still_open and not allow_untested):
        return Exit.INCOMPLETE
    return Exit.CONFORMANT


def _judge(requirement: Requirement, results: list[CheckResult]) -> Judgement:
    def verdict(result: CheckResult) -> str:
        return outcome_at_level(result.outcome, [requirement.level])

    applicable = [result for result in results if result.outcome != "not-applicable"]
    # What hand-written checks tested is not untested because the generated ones had no requests left.
    applicable = [one for one in applicable if not one.reason.startswith(NO_BUDGET)] or applicable
    worst = min(applicable or results, key=lambda result: WORST_FIRST.index(verdict(result)))
    return Judgement(
        requirement=requirement.id,
        verdict=verdict(worst),
        reason=worst.reason,
        checks=tuple(result.check for result in results),
    )
