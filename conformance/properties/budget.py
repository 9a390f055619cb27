"""How many requests the properties may send, and how they are shared out. Nothing is sent from here.

A budget is kept exactly: it is taken from before each request. What one kind of property leaves goes to the sequences,
which come last.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

EFFORTS = {"quick": 200, "standard": 800, "deep": 4000}
DEFAULT = "standard"
PACED = 800  # requests to a target that limits rates, unless the tester names a number
SHORTENING = 6000  # further requests to shorten what failed, where the tester names no number
SHARES = {
    "valid": 0.2,
    "invalid": 0.17,
    "unauthorized": 0.07,
    "states": 0.28,
    "mistakes": 0.14,
}  # of the requests; the rest is for sequences


@dataclasses.dataclass
class Budget:
    """A number of requests, and how many of them are sent."""

    limit: int
    sent: int = 0

    @property
    def left(self) -> int:
        """How many requests may still be sent."""
        return max(0, self.limit - self.sent)

    def take(self, requests: int = 1) -> None:
        """Count requests that are sent now."""
        self.sent += requests


class RunBudget:
    """The budget of a run: a part for each kind of property, and a reserve that is only used to shorten failures."""

    def __init__(self, total: int, reserve: int) -> None:
        """Divide the requests by SHARES; the reserve comes on top."""
        self.total, self.reserve = total, reserve
        self._by_kind = {kind: Budget(round(total * share)) for kind, share in SHARES.items()}
        self._spent = 0
        self._parts_used = dict.fromkeys(SHARES, 0)

    @classmethod
    def of_effort(cls, effort: str, requests: int | None, *, paced: bool) -> RunBudget:
        """Return the budget of an effort, or of exactly so many requests with the shortening of failures in it."""
        if requests is not None:
            reserve = requests // 3
            return cls(requests - reserve, reserve)
        total = min(PACED, EFFORTS[effort]) if paced else EFFORTS[effort]
        return cls(total, PACED if paced else SHORTENING)

    @contextlib.contextmanager
    def part(self, kind: str, parts: int, whole: int, least: int) -> Iterator[Budget]:
        """Yield so many parts of the whole of a kind, or the least that is of use, as far as there is any left.

        What earlier parts of the kind left is added.
        """
        of_kind = self._by_kind[kind]
        self._parts_used[kind] += parts
        due = of_kind.limit * self._parts_used[kind] // whole
        budget = Budget(min(max(least, due - of_kind.sent), max(0, self.total - self._spent)))
        try:
            yield budget
        finally:
            of_kind.take(budget.sent)
            self._spent += budget.sent

    @contextlib.contextmanager
    def shortening(self) -> Iterator[Budget]:
        """Yield half of the reserve; sequences may need the rest."""
        budget = Budget(self.reserve // 2)
        try:
            yield budget
        finally:
            self.reserve -= min(self.reserve, budget.sent)

    def sequences(self) -> Budget:
        """Return what is left for sequences, and count it as spent."""
        budget = Budget(max(0, self.total - self._spent))
        self._spent = self.total
        return budget
