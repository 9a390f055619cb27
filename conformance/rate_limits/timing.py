"""When the requests of the checks of rate limits are sent: as soon as the limits that they need are full. No check is here.

A fixed window may end within one burst, so a burst that looks wrong is repeated half a second off.
"""

from __future__ import annotations

import dataclasses
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from conformance.http.assertions import TOO_MANY
from conformance.http.clock import SYSTEM
from conformance.rate_limits.counts import asked_wait
from conformance.rate_limits.sending import TimedRequest, send_timed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from concurrent.futures import Executor, Future

    from conformance.http import Exchange
    from conformance.http.clock import Clock
    from conformance.rate_limits.counts import Burst
    from conformance.rate_limits.sending import Send

WINDOW = 1.1  # seconds: after this long every limiter of so many a second has recovered
SHIFT = 0.5  # seconds: so far off that no window ends within both of two bursts
SOON = 0.01  # seconds after the wait that was asked for
STEADY = 0.85  # of a limit: so far below it that no jitter puts too many into one second


@dataclasses.dataclass(frozen=True)
class Runtime:
    """The clock and the threads to wait and send with: those of the system, unless a test moves the clock."""

    clock: Clock = SYSTEM
    send: Callable[[Sequence[TimedRequest]], list[Exchange]] = send_timed
    pool: Callable[[int], Executor] = ThreadPoolExecutor


SYSTEM_RUNTIME = Runtime()


class Recovery:
    """Knows when each limit was used last, so that a burst finds it full."""

    def __init__(
        self, together: Iterable[frozenset[str]] = (), runtime: Runtime = SYSTEM_RUNTIME
    ) -> None:
        """Take which scopes are one limit on some servers, and the clock to wait by."""
        self.runtime = runtime
        self._together = list(together)
        self._used: dict[str, float] = {}
        self._burst: dict[str, float] = {}
        self._expected: dict[str, Future[Any]] = {}

    def separate_scopes(self) -> None:
        """Treat each scope as a limit of its own."""
        self._together = []

    def record(self, exchanges: Iterable[Exchange], *, burst: bool = False) -> None:
        """Note that these requests used their limits; a burst used them up."""
        for exchange in exchanges:
            for scope in self._scopes_with(exchange.operation.scope):
                for last in (self._used, self._burst) if burst else (self._used,):
                    last[scope] = max(exchange.ended, last.get(scope, 0.0))

    def expect(self, scope: str, request: Future[Any]) -> None:
        """Note that a request of the scope is still to be sent."""
        for one in self._scopes_with(scope):
            self._expected[one] = request

    def wait_until_full(self, *scopes: str) -> None:
        """Sleep until the limits of these scopes are full again."""
        futures.wait([self._expected.pop(scope) for scope in scopes if scope in self._expected])
        self._sleep(self._used, scopes)

    def wait_for_room(self, *scopes: str) -> None:
        """Sleep until the limits of these scopes have recovered from the last bursts, so that a few requests pass."""
        self._sleep(self._burst, scopes)

    def wait_for_other_half(self, last: float) -> None:
        """Sleep until half a second off the time of an earlier burst, in every second."""
        clock = self.runtime.clock
        clock.sleep((last + SHIFT - clock.time()) % 1.0)

    def _scopes_with(self, scope: str) -> frozenset[str]:
        return next((group for group in self._together if scope in group), frozenset({scope}))

    def _sleep(self, last: dict[str, float], scopes: Iterable[str]) -> None:
        clock = self.runtime.clock
        until = max((last.get(scope, 0.0) + WINDOW for scope in scopes), default=0.0)
        clock.sleep(max(0.0, until - clock.time()))


def send_bursts(
    recovery: Recovery,
    full: Sequence[str],
    make: Callable[[int], Burst],
    sizes: tuple[int, int],
    room: Sequence[str] = (),
) -> list[Burst]:
    """Send a burst, and when it needs a repeat another one; return both.

    `make` sends a burst of so many requests. Where the target was too slow for the first size, the second size is sent.
    The limits in `full` must be full before it, those in `room` must allow a few requests.
    """
    recovery.wait_until_full(*full)
    recovery.wait_for_room(*room)
    bursts = [make(sizes[0])]
    if bursts[0].needs_repeat:
        recovery.wait_until_full(*full)
        recovery.wait_for_room(*room)
        recovery.wait_for_other_half(min(exchange.sent for exchange in bursts[0].sent))
        bursts.append(make(sizes[1] if bursts[0].too_slow else sizes[0]))
    return bursts


def send_burst(recovery: Recovery, requests: Sequence[TimedRequest]) -> list[Exchange]:
    """Send requests at their instants, and record that they used up their limits."""
    exchanges = recovery.runtime.send(requests)
    recovery.record(exchanges, burst=True)
    return exchanges


def at_steady_pace(sends: Sequence[Send], limit: int) -> list[TimedRequest]:
    """Return requests at a pace just below so many a second."""
    return [TimedRequest(send, number / (STEADY * limit)) for number, send in enumerate(sends)]


def wait_as_asked(
    recovery: Recovery, burst: Burst, again: Callable[[], Exchange], pool: Executor
) -> Future[Exchange] | None:
    """Send a request when what each 429 asks for is over, without waiting for it here; None when they ask for none.

    A follow-up that was served has used the request that the 429s promised, so nothing can be said then.
    """
    rejected = [*burst.rejected, *([burst.follow_up] if burst.follow_up else [])]
    asked = [(e.ended, wait) for e in rejected if (wait := asked_wait(e)) is not None]
    if not asked or any(exchange.status != TOO_MANY for exchange in rejected):
        return None
    clock = recovery.runtime.clock
    over = max(ended + wait / 1000 for ended, wait in asked)

    def send() -> Exchange:
        clock.sleep(max(0.0, over + SOON - clock.time()))
        after = again()
        recovery.record([after])
        return after

    request = pool.submit(send)
    recovery.expect(rejected[0].operation.scope, request)
    return request
