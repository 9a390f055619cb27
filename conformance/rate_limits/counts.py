"""What a burst of requests shows of a rate limit: how many passed, and how many a limiter may let through. Nothing is sent here.

A limiter is never reported for one response. It conforms when of a burst no more pass than the limit and what is refilled while
the burst is processed. A fixed window may end within one burst, so `timing` repeats a burst that looks wrong: only what
both show is a defect.
"""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

from conformance.http import Inconclusive, NotApplicable
from conformance.http.assertions import TOO_MANY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.http import Exchange

SLACK = 0.02  # seconds by which two measured instants may be wrong
LATER = ", and one more too soon after them"


@dataclasses.dataclass
class Burst:
    """Requests of one limit sent at once, with a follow-up a little later, and some requests of other limits."""

    limit: int
    sent: list[Exchange]
    latency: float  # seconds that a response takes at best
    follow_up: Exchange | None = None
    other_scopes: Sequence[Exchange] = ()

    @property
    def served(self) -> list[Exchange]:
        """The requests that were carried out."""
        return [exchange for exchange in self.sent if exchange.ok]

    @property
    def rejected(self) -> list[Exchange]:
        """The requests that were rejected with 429."""
        return [exchange for exchange in self.sent if exchange.status == TOO_MANY]

    @property
    def seconds(self) -> float:
        """How long the target can have taken from the first request to the last."""
        return self._seconds(self.sent)

    @property
    def allowed(self) -> int:
        """How many requests a limiter may let through: the limit, and what is refilled meanwhile."""
        return self._allowed(self.sent)

    @property
    def refilled(self) -> int:
        """How many more the limit may have allowed by the time that the last one was served."""
        return self._allowed(self.served or self.sent) - self.limit

    @property
    def too_slow(self) -> bool:
        """Whether the target took so long that even all of them need not exceed the limit."""
        return len(self.sent) <= self.allowed

    @property
    def exceeds(self) -> bool:
        """Whether more passed than any limiter may let through."""
        passed = len(self.sent) - len(self.rejected)
        return not self.too_slow and (passed > self.allowed or self.refills_too_fast)

    @property
    def refills_too_fast(self) -> bool:
        """Whether the follow-up passed too early: where a bucket is one short, only this shows its rate."""
        if self.follow_up is None or self.follow_up.status == TOO_MANY:
            return False
        passed = len(self.sent) - len(self.rejected) + 1
        return passed > self._allowed([*self.sent, self.follow_up])

    @property
    def short(self) -> bool:
        """Whether fewer passed than every limiter lets through; a burst may be one short of the limit."""
        return len(self.sent) - len(self.rejected) < self.limit - 1

    @property
    def needs_repeat(self) -> bool:
        """Whether the burst should be repeated."""
        other_scopes = any(exchange.status == TOO_MANY for exchange in self.other_scopes)
        return self.exceeds or self.short or self.too_slow or other_scopes

    def _allowed(self, sent: Sequence[Exchange]) -> int:
        return self.limit + math.floor(self.limit * self._seconds(sent))

    def _seconds(self, sent: Sequence[Exchange]) -> float:
        began, ended = min(e.sent for e in sent), max(e.ended for e in sent)
        quickest = min(self.latency, *(e.ended - e.sent for e in sent))
        return max(0.0, ended - began - quickest) + SLACK

    def need_rejected(self) -> Exchange:
        """Return a 429; that there is none is for another check."""
        if not self.rejected:
            reason = "no request of the burst was rejected"
            raise NotApplicable(reason, self.sent[-1])
        return self.rejected[0]


def asked_wait(exchange: Exchange) -> int | None:
    """Return `retry_after` of a 429 in milliseconds, when it is an integer that can be waited for."""
    body = exchange.json if isinstance(exchange.json, dict) else {}
    wait = body.get("retry_after")
    return wait if type(wait) is int and 0 <= wait <= 1000 else None


def rejected_after_wait(burst: Burst) -> Exchange | None:
    """Return the follow-up if it was rejected although the wait of each earlier 429 was over."""
    if burst.follow_up is None or burst.follow_up.status != TOO_MANY or not burst.rejected:
        return None
    arrived = burst.follow_up.sent + burst.latency - SLACK
    waits = [(asked_wait(exchange), exchange.ended) for exchange in burst.rejected]
    over = all(wait is not None and ended + wait / 1000 < arrived for wait, ended in waits)
    return burst.follow_up if over else None


def need_fast(bursts: Sequence[Burst]) -> None:
    """Raise Inconclusive when the target is too slow to exceed its limit."""
    if all(burst.too_slow for burst in bursts):
        best = max(len(burst.sent) / burst.seconds for burst in bursts)
        reason = (
            f"the target responds too slowly for a burst: {best:.0f} requests a second were reached"
        )
        raise Inconclusive(reason, bursts[-1].sent[-1])
