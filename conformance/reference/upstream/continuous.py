"""A rate limiter that refills continuously: the generic cell rate algorithm.

Each request moves the instant at which the budget is full by one interval; what remains is the
number of intervals in between. As upstream, the last unit is never granted: a request that would
leave nothing is rejected, but uses budget all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.rate_limiter.algorithms import SECOND_NS, Count

if TYPE_CHECKING:
    from conformance.reference.rate_limiter.algorithms import Key


class Continuous:
    """Counts as PluralKit production does."""

    def __init__(self) -> None:
        self._full: dict[Key, int] = {}

    def count(self, key: Key, limit: int, now: int) -> Count:
        """Count one request, unless nothing at all was left before it."""
        interval = SECOND_NS // limit
        budget = limit * interval
        full = max(now, self._full.get(key, now))
        left = (now + budget - full - interval) // interval
        counted = left >= 0
        if counted:
            full += interval
            self._full[key] = full
        wait = 0 if counted else full + interval - now - budget
        return Count(granted=left > 0, remaining=max(0, left), full=full - now, next=wait)
