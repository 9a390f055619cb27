"""The outcomes of a check that did not pass, as exceptions.

    Refuted             the target violates the requirement     -> failed
    AsUpstream          it does so as PluralKit production does -> warned, or failed where that does harm
    PreconditionFailed  a precondition of the check failed      -> untested
    Inconclusive        throttled, timed out, target went away  -> inconclusive
    NotApplicable       there is nothing to test                -> not-applicable

Any other exception that leaves a check is a defect of the suite.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.http.json_diff import differing
from conformance.printable import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.http.exchange import Exchange

NO_BUDGET = "the budget left "  # what the reasons of checks begin with for which it had no requests
LONGEST_SHOWN = 600  # characters of a value


class Outcome(Exception):
    """An outcome: a one-line reason, and the exchange that shows it, if there is one."""

    def __init__(self, reason: str, exchange: Exchange | None = None) -> None:
        self.reason = visible(reason)
        super().__init__(self.reason)
        self.exchange = exchange


class Refuted(Outcome, AssertionError):
    """The target violates the requirement that the check tests."""

    def __init__(
        self,
        what: str,
        *,
        expected: object,
        actual: object,
        exchange: Exchange | None,
        violates: tuple[str, ...] = (),
    ) -> None:
        """Take expected and actual; `violates` names the requirements that this refutes, if not all of the check's."""
        self.violates = violates
        self.expected, self.actual = map(show, differing(expected, actual))
        self.chain: tuple[Exchange, ...] = ()  # the requests that reproduce it, the evidence last
        self.test = ""  # a Python expression of the last `response` of the chain, which it violates
        super().__init__(f"{what}: expected {self.expected}, got {self.actual}", exchange)

    def also_violates(self, rules: Iterable[str]) -> None:
        """Add requirements that this refutes, too."""
        self.violates = tuple(dict.fromkeys((*self.violates, *rules)))


class AsUpstream(Refuted):
    """The target deviates from the docs exactly as PluralKit production does."""


class PreconditionFailed(Outcome):
    """A precondition of the check failed on the target, so that the requirement was not tested."""


class BudgetSpent(PreconditionFailed):
    """The budget of generated requests left none for the check."""

    def __init__(self, operation: str) -> None:
        """Take the operation that would have been sent."""
        super().__init__(f"{NO_BUDGET}too few requests for {operation}")


class Inconclusive(Outcome):
    """There was no response to judge: throttled in every attempt, timed out, or the target went away."""


class NotApplicable(Outcome):
    """There is nothing to test: the target declares no such feature, or what the check is about did not occur."""


class Wording(str):
    """A description, which is shown as it is and not as a JSON value."""

    __slots__ = ()


def show(value: object) -> str:
    """Return a value as reports show it: JSON, truncated when it is very long."""
    whole = str(value) if isinstance(value, Wording) else _as_json(value)
    text = visible(whole[: LONGEST_SHOWN + 1])  # of a body of megabytes, no more
    if len(text) <= LONGEST_SHOWN:
        return text
    return f"{text[:LONGEST_SHOWN]}... ({len(whole)} characters)"


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
