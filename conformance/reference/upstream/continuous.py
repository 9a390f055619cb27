"""A rate limiter that refills continuously: the generic cell rate algorithm.

Each request moves the instant at which the whole budget is there again by one interval; what is
left tells how many intervals fit in between. As upstream, the last unit is never given out: a
request that finds nothing left after it is refused, but has used budget all the same.
"""

from __future__ import annotations

from conformance.reference.limiter import Allowance, Limiter

_SECOND_NS = 1_000_000_000


class ContinuousLimiter(Limiter):
    """The limits of the docs as upstream's server applies them."""

    def __init__(self) -> None:
        super().__init__()
        self._full: dict[tuple[str, str], int] = {}

    def take(self, scope: str, client: str) -> Allowance:
        """Count one request, unless nothing at all was left before it."""
        now, limit = self.now(), self.limit(scope)
        interval = _SECOND_NS // limit
        budget = limit * interval
        full = max(now, self._full.get((scope, client), now))
        left = (now + budget - full - interval) // interval
        counted = left >= 0
        if counted:
            full += interval
            self._full[scope, client] = full
        return Allowance(
            granted=left > 0,
            scope=scope,
            limit=limit,
            remaining=max(0, left),
            reset=self.reset(full - now),
            retry_after=0 if counted else self.retry_after(full + interval - now - budget),
        )
