"""When the requests of the checks of rate limits are sent: as soon as the limits that they need are whole. No check is here.

A fixed window may turn within one burst, so a burst that looks wrong is sent again half a second off.
"""

from __future__ import annotations

import dataclasses
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from conformance.http.assertions import TOO_MANY
from conformance.http.clock import SYSTEM
from conformance.rate_limits.counts import asked_wait
from conformance.rate_limits.sending import fire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from concurrent.futures import Executor, Future

    from conformance.http import Exchange
    from conformance.http.clock import Clock
    from conformance.rate_limits.counts import Burst
    from conformance.rate_limits.sending import Shot

WINDOW = 1.1  # seconds: after this long every limiter of so many a second has recovered
SHIFT = 0.5  # seconds off, that no window turns within both of two bursts
SOON = 0.01  # seconds after the wait that was asked for
STEADY = 0.85  # of a limit: so far below it that no jitter puts too many into one second
# A server behind a proxy takes the last address, which the proxy adds; the first one can be made up.
MADE_UP = "198.51.100"


@dataclasses.dataclass(frozen=True)
class Means:
    """What is waited with and sent with: the system's clock and threads, unless a test moves the clock."""

    clock: Clock = SYSTEM
    fire: Callable[[Sequence[Shot]], list[Exchange]] = fire
    pool: Callable[[int], Executor] = ThreadPoolExecutor


USUAL = Means()


class Recovery:
    """Knows when each limit was used last, so that a burst finds it whole."""

    def __init__(self, together: Iterable[frozenset[str]] = (), means: Means = USUAL) -> None:
        """Take which scopes are one limit on some servers, and what waits."""
        self.means = means
        self._together = list(together)
        self._used: dict[str, float] = {}
        self._burst: dict[str, float] = {}
        self._coming: dict[str, Future[Any]] = {}

    def part(self) -> None:
        """Take each scope for a limit of its own."""
        self._together = []

    def used(self, exchanges: Iterable[Exchange], *, burst: bool = False) -> None:
        """Note that these requests used their limits; a burst used them up."""
        for exchange in exchanges:
            for scope in self._one(exchange.operation.scope):
                for last in (self._used, self._burst) if burst else (self._used,):
                    last[scope] = max(exchange.ended, last.get(scope, 0.0))

    def coming(self, scope: str, request: Future[Any]) -> None:
        """Note that a request of the scope is still to be sent."""
        for one in self._one(scope):
            self._coming[one] = request

    def rest(self, *scopes: str) -> None:
        """Sleep until the limits of these scopes are whole again."""
        futures.wait([self._coming.pop(scope) for scope in scopes if scope in self._coming])
        self._sleep(self._used, scopes)

    def make_room(self, *scopes: str) -> None:
        """Sleep until a few requests of these scopes pass: until what the last bursts used has come back."""
        self._sleep(self._burst, scopes)

    def shift(self, last: float) -> None:
        """Sleep until the clock is half a second off that of an earlier burst."""
        clock = self.means.clock
        clock.sleep((last + SHIFT - clock.time()) % 1.0)

    def _one(self, scope: str) -> frozenset[str]:
        return next((group for group in self._together if scope in group), frozenset({scope}))

    def _sleep(self, last: dict[str, float], scopes: Iterable[str]) -> None:
        clock = self.means.clock
        until = max((last.get(scope, 0.0) + WINDOW for scope in scopes), default=0.0)
        clock.sleep(max(0.0, until - clock.time()))


def aim(
    recovery: Recovery,
    whole: Sequence[str],
    make: Callable[[int], Burst],
    sizes: tuple[int, int],
    room: Sequence[str] = (),
) -> list[Burst]:
    """Send a burst, and when it looks odd another one; return both.

    `make` sends so many requests. Where the target was too slow for the first size the second one is sent.
    It needs some limits whole, and of others room for a few requests.
    """
    recovery.rest(*whole)
    recovery.make_room(*room)
    bursts = [make(sizes[0])]
    if bursts[0].odd:
        recovery.rest(*whole)
        recovery.make_room(*room)
        recovery.shift(min(exchange.sent for exchange in bursts[0].sent))
        bursts.append(make(sizes[1] if bursts[0].too_slow else sizes[0]))
    return bursts


def shoot(recovery: Recovery, shots: Sequence[Shot]) -> list[Exchange]:
    """Send requests at their instants, and note that they used their limits."""
    exchanges = recovery.means.fire(shots)
    recovery.used(exchanges, burst=True)
    return exchanges


def wait_as_asked(
    recovery: Recovery, burst: Burst, again: Callable[[], Exchange], pool: Executor
) -> Future[Exchange] | None:
    """Send a request when what each 429 asks for is over, without waiting for it here; None when they ask for none.

    One that came a little later and was served has taken what they were promised, so nothing can be said then.
    """
    rejected = [*burst.rejected, *([burst.early] if burst.early else [])]
    asked = [(e.ended, wait) for e in rejected if (wait := asked_wait(e)) is not None]
    if not asked or any(exchange.status != TOO_MANY for exchange in rejected):
        return None
    clock = recovery.means.clock
    over = max(ended + wait / 1000 for ended, wait in asked)

    def send() -> Exchange:
        clock.sleep(max(0.0, over + SOON - clock.time()))
        after = again()
        recovery.used([after])
        return after

    request = pool.submit(send)
    recovery.coming(rejected[0].operation.scope, request)
    return request
