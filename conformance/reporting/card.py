"""What the page shows of one cause: a requirement with the checks that did not pass, some of them in full, and nothing twice.

Which requirements share a cause is in `causes`. How many findings are shown in full, and how much of each, depends on how many
cards a page has, so that a page stays small; report.json has all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.reporting.curl import curl
from conformance.reporting.difference import Line, difference
from conformance.reporting.events import OUTCOMES
from conformance.reporting.shell import rerun

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Row = dict[str, Any]

LONGEST_BODY = 4000  # characters of a body that a page shows; the log has all
LONGEST_SCRIPT, SCRIPTS = 60_000, 900_000  # characters of one, and of all on a page
FEW, SOME = 12, 60  # cards

_READ = "GET"


@dataclass(frozen=True)
class Limits:
    """How much a card shows: findings in full, steps of each, characters of a script and of a body, and the names of all checks."""

    findings: int
    steps: int
    script: int
    body: int
    names: bool = True


def limits(cards: int) -> Limits:
    """Return the limits of a page with that many cards."""
    script = min(LONGEST_SCRIPT, SCRIPTS // max(cards, 1))
    if cards <= FEW:
        script = min(LONGEST_SCRIPT, SCRIPTS // (3 * max(cards, 1)))
        return Limits(findings=3, steps=5, script=script, body=LONGEST_BODY)
    if cards <= SOME:
        return Limits(findings=1, steps=4, script=script, body=LONGEST_BODY)
    return Limits(findings=1, steps=2, script=script, body=LONGEST_BODY // 5, names=False)


@dataclass(frozen=True)
class Step:
    """One request of the chain that led to a finding, with its place in the story."""

    role: str
    exchange: Mapping[str, Any]
    is_judged: bool


@dataclass(frozen=True)
class Finding:
    """One check that did not pass, in full; texts that the card has already are empty."""

    check: str
    outcome: str
    description: str
    reason: str
    difference: list[Line]
    script: str
    script_length: int  # in requests, where it is too long to be shown
    pytest: str
    steps: list[Step]
    earlier: int  # steps that are left out
    passed_alike: list[str]  # the rows of the same check that passed, in what is not said before
    writes: bool


@dataclass(frozen=True)
class Card:
    """A requirement, those with the same cause, and what was found."""

    requirement: Row
    same_cause: list[Row]
    reruns: dict[str, str]  # by requirement
    reason: str
    findings: list[Finding]
    others: list[tuple[str, list[Row]]]  # checks that are not shown in full, by what they found
    not_passed: int
    outcome: str  # the worst
    worst: int  # how many checks had that
    symptom: str  # what was found first, and in which row of the check
    row: str

    @property
    def ids(self) -> list[str]:
        """The requirements that the card is about."""
        return [self.requirement["id"], *(row["id"] for row in self.same_cause)]


def card(
    report: Mapping[str, Any], requirement: Row, same_cause: Sequence[Row], most: Limits
) -> Card:
    """Return the card of a requirement; the checks with the shortest chains are shown in full."""
    said = _Said([requirement["text"]])
    found = not_passed(requirement["checks"])
    chosen = _distinct(found, most.findings)
    alike = _passed_alike(requirement["checks"])
    findings = [_finding(check, report["exchanges"], said, most, alike) for check in chosen]
    others = [check for check in found if not any(check is one for one in chosen)]
    reasons: dict[str, list[Row]] = {}
    for check in others:
        reasons.setdefault(check["reason"], []).append(check)
    further = [(said.once(reason), checks) for reason, checks in reasons.items()]
    return Card(
        requirement=requirement,
        same_cause=list(same_cause),
        reruns={row["id"]: rerun(report, row["id"]) for row in (requirement, *same_cause)},
        reason=said.once(requirement["reason"]),
        findings=findings,
        others=further,
        not_passed=len(found),
        outcome=found[0]["outcome"] if found else "passed",
        worst=sum(check["outcome"] == found[0]["outcome"] for check in found),
        symptom=chosen[0]["reason"] if chosen else "",
        row=_row(chosen[0]) if chosen else "",
    )


def _passed_alike(checks: Iterable[Row]) -> dict[str, list[str]]:
    """Return the rows that passed by the check function; once for each function, as the names are taken from it."""
    rows: dict[str, list[str]] = {}
    for check in checks:
        if check["outcome"] == "passed" and _row(check):
            rows.setdefault(_function(check), []).append(_row(check))
    return rows


def _function(check: Row) -> str:
    return str(check["check"]).partition("[")[0]


def _row(check: Row) -> str:
    return str(check["check"]).partition("[")[2].removesuffix("]")


def _alike_first(rows: list[str], row: str) -> list[str]:
    """Return rows, first those that begin like another one: with the same operation, or key."""
    return sorted(rows, key=lambda one: one.partition("-")[0] != row.partition("-")[0])


def not_passed(checks: Iterable[Row]) -> list[Row]:
    """Return the checks that did not pass: worst first, then hand-written ones, then those that need the fewest requests."""
    found = (check for check in checks if check["outcome"] != "passed")
    return sorted(found, key=_place)


def _place(check: Row) -> tuple[int, bool, int]:
    generated = check["check"].startswith("properties/")
    return OUTCOMES.index(check["outcome"]), generated, len(check["before"])


class _Said:
    """The texts of a card so far."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = set(texts)

    def once(self, text: str) -> str:
        """Return a text, or an empty one if it was said before."""
        if text in self._texts:
            return ""
        self._texts.add(text)
        return text


def _distinct(checks: Sequence[Row], most: int) -> list[Row]:
    """Return some checks that each show something else; of the worst outcome alone."""
    chosen: dict[str, Row] = {}
    for check in checks:
        if check["outcome"] == checks[0]["outcome"]:
            chosen.setdefault(check["reason"], check)
    return list(chosen.values())[:most]


def _finding(
    check: Row,
    exchanges: Mapping[str, Any],
    said: _Said,
    most: Limits,
    alike: dict[str, list[str]],
) -> Finding:
    steps = _steps([*check["before"], check["evidence"]], exchanges)
    shown = steps[-most.steps :]
    reproduction = check["reproduction"] or {"curl": [], "pytest": None}
    script = "\n".join(reproduction["curl"]) or (curl(steps[-1].exchange, "-sSi") if steps else "")
    pytest = reproduction["pytest"] or ""
    return Finding(
        check=check["check"],
        outcome=check["outcome"],
        reason=said.once(check["reason"]),
        description=said.once(check["description"]),
        difference=difference(check["expected"], check["actual"], most.body),
        script=said.once(script) if len(script) <= most.script else "",
        script_length=len(steps) if len(script) > most.script else 0,
        pytest=said.once(pytest) if len(pytest) <= most.script else "",
        steps=shown,
        earlier=len(steps) - len(shown),
        passed_alike=_alike_first(alike.pop(_function(check), []), _row(check))
        if most.names
        else [],
        writes=any(step.role == "write" for step in steps),
    )


def _steps(ids: Iterable[str | None], exchanges: Mapping[str, Any]) -> list[Step]:
    found = [exchanges[one] for one in ids if one is not None and one in exchanges]
    return [Step(_role(one, found), one, one is found[-1]) for one in found]


def _role(exchange: Mapping[str, Any], chain: Sequence[Mapping[str, Any]]) -> str:
    """Return which part of the story a request is: the state before, a write, or what came of it."""
    if exchange["method"] != _READ:
        return "write"
    return (
        "after"
        if exchange is chain[-1] and len(chain) > 1
        else "before"
        if len(chain) > 1
        else "read"
    )
