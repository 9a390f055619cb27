"""The ways in which a check ends without passing, as exceptions.

    Refuted       the target violates the requirement             -> failed
    AsUpstream    it does so as PluralKit's own server does  -> warned
    PreconditionFailed         something that the check needs is not so   -> untested
    Inconclusive  throttled, timed out, target went away     -> inconclusive
    NotApplicable there is nothing to look at                -> not-applicable

Any other exception that leaves a check is a defect of the suite.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.http.json_diff import differing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.http.exchange import Exchange

LONGEST = 600


class Outcome(Exception):
    """What all of them share: a one-line reason and the exchange that shows it, if there is one."""

    def __init__(self, reason: str, exchange: Exchange | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
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
        """Say what was seen; `violates` names the requirements that it refutes, where not all of the check's."""
        self.violates = violates
        self.expected, self.actual = map(show, differing(expected, actual))
        self.chain: tuple[Exchange, ...] = ()  # the requests that lead there, the telling one last
        self.test = (
            ""  # a Python expression of `response` that ought to hold at the end of the chain
        )
        super().__init__(f"{what}: expected {self.expected}, got {self.actual}", exchange)

    def also_violates(self, rules: Iterable[str]) -> None:
        """Name further requirements that the same refutes."""
        self.violates = tuple(dict.fromkeys((*self.violates, *rules)))


class AsUpstream(Refuted):
    """The target deviates from the docs exactly as PluralKit's own server does."""


class PreconditionFailed(Outcome):
    """A prerequisite of the check is missing on the target, so the requirement was not tested."""


class Inconclusive(Outcome):
    """The target could not be observed: throttled for good, timed out, or gone."""


class NotApplicable(Outcome):
    """There is nothing to look at: the tester declared no such feature, or what would show it did not happen."""


class Wording(str):
    """A description in words, which is shown as it is and not as a JSON value."""

    __slots__ = ()


def show(value: object) -> str:
    """Return a value as people read it in a report: JSON, cut when it is very long."""
    text = str(value) if isinstance(value, Wording) else _json(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
