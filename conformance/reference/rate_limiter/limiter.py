"""Rate limits: so many requests a second for each scope and client. docs: reference#rate-limiting.

Which limit covers a request, who shares it, and the headers. How requests are counted is in `algorithms`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from conformance.reference.clock import SYSTEM, Clock
from conformance.reference.errors import Problem, Rejected
from conformance.reference.rate_limiter.algorithms import ALGORITHMS, SECOND_NS, Algorithm

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.calls import Call
    from conformance.reference.entities import System

_MS_NS = 1_000_000


@dataclass(frozen=True)
class Limits:
    """How a server limits rates, where the docs leave it open.

    ``by`` says who shares a budget (``ip``, ``system``, ``token``), ``units`` whether the reset is reported in milliseconds as the
    docs say or in seconds as ``upstream`` does; ``speed`` is how many times as fast as ``clock`` the limiter's own runs.
    """

    algorithm: str = "sliding-window"
    by: str = "ip"
    units: str = "docs"
    trust_forwarded_for: bool = False
    speed: int = 1
    clock: Clock = SYSTEM


USUAL = Limits()


@dataclass(frozen=True)
class Allowance:
    """The decision about one request; times in milliseconds."""

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

    def __init__(
        self, options: Limits = USUAL, identify: Callable[[Call], System | None] | None = None
    ) -> None:
        self.options = options
        self.algorithm: Algorithm = ALGORITHMS[options.algorithm]()
        self._identify = identify

    def admit(self, call: Call) -> Allowance:
        """Count a request against the limit that covers it."""
        return self.take(self.scope(call.method, call.path), self.client(call))

    def client(self, call: Call) -> str:
        """Return who shares a budget with the caller: all that come from one address, or have one system or token."""
        if self.options.by == "token" and call.token:
            return call.token
        system = self._identify(call) if self._identify and self.options.by == "system" else None
        return system.uuid if system else self.address(call)

    def address(self, call: Call) -> str:
        """Return the address of the caller; a proxy adds it last in its header, the ones before may be made up."""
        if self.options.trust_forwarded_for and call.forwarded_for:
            return call.forwarded_for.rpartition(",")[2].strip()
        return call.client

    def scope(self, method: str, path: str) -> str:
        """Return the name of the limit that covers a request."""
        if method not in ("GET", "HEAD"):
            return "generic_update"
        return "message" if path.startswith("/v2/messages/") else "generic_get"

    def limit(self, scope: str) -> int:
        """Return the requests per second of a scope."""
        return int(self.limits[scope])

    def take(self, scope: str, client: str) -> Allowance:
        """Count one request, and return whether it is granted."""
        limit = self.limit(scope)
        count = self.algorithm.count((scope, client), limit, self.now())
        return Allowance(
            granted=count.granted,
            scope=scope,
            limit=limit,
            remaining=max(0, count.remaining),
            reset=self.reset(count.full // self.options.speed),
            retry_after=self.retry_after(count.next // self.options.speed),
        )

    def now(self) -> int:
        """Return nanoseconds of a clock that never goes back, and may run fast."""
        return self.options.clock.monotonic_ns() * self.options.speed

    def reset(self, wait_ns: int) -> int:
        """Return the UNIX time at which the budget is full again."""
        unit = SECOND_NS if self.options.units == "upstream" else _MS_NS
        return (self.options.clock.time_ns() + wait_ns) // unit

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

    def rejection(self, allowance: Allowance) -> Rejected:
        """Return the rejection of a request that came too early."""
        return Rejected(Problem.TOO_MANY, retry_after=allowance.retry_after)


class SharedLimiter(Limiter):
    """The limit of 2021-11: one over everything, without headers."""

    limits: ClassVar = {"everything": 2}

    def scope(self, method: str, path: str) -> str:  # noqa: ARG002 - all requests are alike
        """Return the name of the only limit."""
        return "everything"

    def headers(self, allowance: Allowance) -> dict[str, str]:  # noqa: ARG002 - there are none
        """Return no headers."""
        return {}


class Unlimited(Limiter):
    """No limits and no headers about them."""

    def take(self, scope: str, client: str) -> Allowance:  # noqa: ARG002 - nothing is counted
        """Grant the request."""
        return _UNLIMITED

    def headers(self, allowance: Allowance) -> dict[str, str]:  # noqa: ARG002 - there are none
        """Return no headers."""
        return {}


_UNLIMITED = Allowance(granted=True, scope="", limit=0, remaining=0, reset=0, retry_after=0)
