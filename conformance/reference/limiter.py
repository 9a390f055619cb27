"""Rate limits: so many requests a second for each scope and client. docs: reference#rate-limiting.

A log of the instants of recent requests slides along with time, so that no second, wherever it
starts, holds more than the limit.
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from conformance.reference.errors import Problem, Refused

if TYPE_CHECKING:
    from conformance.reference.calls import Call

_SECOND_NS = 1_000_000_000
_MS_NS = 1_000_000


@dataclass(frozen=True)
class Allowance:
    """What the limiter says about one request; times in milliseconds."""

    granted: bool
    scope: str
    limit: int
    remaining: int
    reset: int
    retry_after: int


class Limiter:
    """The limits of 2025-08: one for each scope."""

    limits: ClassVar = {"generic_get": 10, "message": 10, "generic_update": 3}
    """Requests per second by scope."""

    def __init__(self) -> None:
        self._logs: defaultdict[tuple[str, str], deque[int]] = defaultdict(deque)

    def admit(self, call: Call) -> Allowance:
        """Count a request against the limit that covers it."""
        return self.take(self.scope(call.method, call.path), call.client)

    def scope(self, method: str, path: str) -> str:
        """Return the name of the limit that covers a request."""
        if method not in ("GET", "HEAD"):
            return "generic_update"
        return "message" if path.startswith("/v2/messages/") else "generic_get"

    def limit(self, scope: str) -> int:
        """Return the requests per second of a scope."""
        return int(self.limits[scope])

    def take(self, scope: str, client: str) -> Allowance:
        """Count one request, unless it comes too early; a refused one is not counted."""
        now, limit = self.now(), self.limit(scope)
        log = self._logs[scope, client]
        while log and self.expired(log[0], now):
            log.popleft()
        granted = len(log) < limit
        if granted:
            log.append(now)
        return Allowance(
            granted=granted,
            scope=scope,
            limit=limit,
            remaining=limit - len(log),
            reset=self.reset(log[-1] + _SECOND_NS - now),
            retry_after=0 if granted else self.retry_after(log[0] + _SECOND_NS - now),
        )

    def now(self) -> int:
        """Return nanoseconds of a clock that never goes back."""
        return time.monotonic_ns()

    def expired(self, taken: int, now: int) -> bool:
        """Whether a request is so long ago that it does not count any more."""
        return now - taken >= _SECOND_NS

    def reset(self, wait_ns: int) -> int:
        """Return the UNIX time in milliseconds at which the whole limit is there again."""
        return (time.time_ns() + wait_ns) // _MS_NS

    def retry_after(self, wait_ns: int) -> int:
        """Return the milliseconds to wait, rounded up so that waiting them is enough."""
        return -(-wait_ns // _MS_NS)

    def headers(self, allowance: Allowance) -> dict[str, str]:
        """Return the four rate limit headers."""
        return {
            "X-RateLimit-Limit": str(allowance.limit),
            "X-RateLimit-Remaining": str(allowance.remaining),
            "X-RateLimit-Reset": str(allowance.reset),
            "X-RateLimit-Scope": allowance.scope,
        }

    def refusal(self, allowance: Allowance) -> Refused:
        """Return the refusal of a request that came too early."""
        return Refused(Problem.TOO_MANY, retry_after=allowance.retry_after)


class SharedLimiter(Limiter):
    """The limit of 2021-11: one over everything, without headers."""

    limits: ClassVar = {"everything": 2}

    def scope(self, method: str, path: str) -> str:  # noqa: ARG002 - all requests are alike
        """Return the name of the only limit."""
        return "everything"

    def headers(self, allowance: Allowance) -> dict[str, str]:  # noqa: ARG002 - nothing to tell
        """Return no headers."""
        return {}


class Unlimited(Limiter):
    """No limits and no headers about them."""

    def take(self, scope: str, client: str) -> Allowance:  # noqa: ARG002 - nobody is counted
        """Grant the request."""
        return _UNLIMITED

    def headers(self, allowance: Allowance) -> dict[str, str]:  # noqa: ARG002 - nothing to tell
        """Return no headers."""
        return {}


_UNLIMITED = Allowance(granted=True, scope="", limit=0, remaining=0, reset=0, retry_after=0)
