"""What the checks of rate limits look at: bursts of each scope, sent once, and a steady pace after them. No check is here.

A limiter is never told from one answer. It keeps the docs when of a burst no more pass than the limit and what comes back
while the burst is processed. A fixed window may turn within one burst, so a burst that looks wrong is sent again half
a second off: only what both show is a defect.
"""

from __future__ import annotations

import dataclasses
import math
import threading
import time
from concurrent import futures
from typing import TYPE_CHECKING, Any

from conformance.wire import Inconclusive, NotApplicable, Outcome, fire
from conformance.wire.expectation import TOO_MANY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from concurrent.futures import Executor, Future

    from conformance.wire import Exchange, Shot

WINDOW = 1.1  # seconds: after this long every limiter of so many a second has recovered
SLACK = 0.02  # seconds by which two instants may be told wrong
SHIFT = 0.5  # seconds off, that no window turns within both of two bursts
SOON = 0.01  # seconds after the wait that was asked for
STEADY = 0.85  # of a limit: so far below it that no jitter puts too many into one second
# A server behind a proxy takes the last address, which the proxy adds; the first one can be made up.
MADE_UP = "198.51.100"
LATER = ", and one more too soon after them"


@dataclasses.dataclass
class Burst:
    """Requests of one limit sent at once; beside them one a little later, and some of other limits."""

    limit: int
    sent: list[Exchange]
    latency: float  # seconds there and back, at best
    early: Exchange | None = None
    beside: Sequence[Exchange] = ()

    @property
    def served(self) -> list[Exchange]:
        """The requests that were carried out."""
        return [exchange for exchange in self.sent if exchange.ok]

    @property
    def refused(self) -> list[Exchange]:
        """The requests that were refused with 429."""
        return [exchange for exchange in self.sent if exchange.status == TOO_MANY]

    @property
    def seconds(self) -> float:
        """How long the target can have taken from the first request to the last."""
        return self._seconds(self.sent)

    @property
    def allowed(self) -> int:
        """How many requests a limiter may let through: the limit, and what came back meanwhile."""
        return self._allowed(self.sent)

    @property
    def came_back(self) -> int:
        """How many more the limit may have allowed by the time that the last one was served."""
        return self._allowed(self.served or self.sent) - self.limit

    @property
    def too_slow(self) -> bool:
        """Whether the target took so long that even all of them need not exceed the limit."""
        return len(self.sent) <= self.allowed

    @property
    def exceeds(self) -> bool:
        """Whether more passed than any limiter may let through."""
        passed = len(self.sent) - len(self.refused)
        return not self.too_slow and (passed > self.allowed or self.refills_too_fast)

    @property
    def refills_too_fast(self) -> bool:
        """Whether the one that came later passed before one more could: a bucket one short shows its rate in that alone."""
        if self.early is None or self.early.status == TOO_MANY:
            return False
        passed = len(self.sent) - len(self.refused) + 1
        return passed > self._allowed([*self.sent, self.early])

    @property
    def short(self) -> bool:
        """Whether fewer passed than every limiter lets through; a burst may be one short of the limit."""
        return len(self.sent) - len(self.refused) < self.limit - 1

    @property
    def odd(self) -> bool:
        """Whether something should be looked at again."""
        beside = any(exchange.status == TOO_MANY for exchange in self.beside)
        return self.exceeds or self.short or self.too_slow or beside

    def _allowed(self, sent: Sequence[Exchange]) -> int:
        return self.limit + math.floor(self.limit * self._seconds(sent))

    def _seconds(self, sent: Sequence[Exchange]) -> float:
        began, ended = min(e.sent for e in sent), max(e.ended for e in sent)
        quickest = min(self.latency, *(e.ended - e.sent for e in sent))
        return max(0.0, ended - began - quickest) + SLACK

    def need_refused(self) -> Exchange:
        """Return a 429; that there is none is for another check."""
        if not self.refused:
            reason = "no request of the burst was refused"
            raise NotApplicable(reason, self.sent[-1])
        return self.refused[0]


class Clock:
    """Knows when each limit was used last, so that a burst finds it whole."""

    def __init__(self, together: Iterable[frozenset[str]] = ()) -> None:
        """Take which scopes are one limit on some servers."""
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
        time.sleep((last + SHIFT - time.time()) % 1.0)

    def _one(self, scope: str) -> frozenset[str]:
        return next((group for group in self._together if scope in group), frozenset({scope}))

    def _sleep(self, last: dict[str, float], scopes: Iterable[str]) -> None:
        until = max((last.get(scope, 0.0) + WINDOW for scope in scopes), default=0.0)
        time.sleep(max(0.0, until - time.time()))


def aim(
    clock: Clock,
    whole: Sequence[str],
    make: Callable[[int], Burst],
    sizes: tuple[int, int],
    room: Sequence[str] = (),
) -> list[Burst]:
    """Send a burst, and when it looks odd another one; return both.

    `make` sends so many requests. Where the target was too slow for the first size the second one is sent.
    It needs some limits whole, and of others room for a few requests.
    """
    clock.rest(*whole)
    clock.make_room(*room)
    bursts = [make(sizes[0])]
    if bursts[0].odd:
        clock.rest(*whole)
        clock.make_room(*room)
        clock.shift(min(exchange.sent for exchange in bursts[0].sent))
        bursts.append(make(sizes[1] if bursts[0].too_slow else sizes[0]))
    return bursts


def shoot(clock: Clock, shots: Sequence[Shot]) -> list[Exchange]:
    """Send requests at their instants, and note that they used their limits."""
    exchanges = fire(shots)
    clock.used(exchanges, burst=True)
    return exchanges


def asked_wait(exchange: Exchange) -> int | None:
    """Return `retry_after` of a 429 in milliseconds, when it is an integer that can be waited for."""
    body = exchange.json if isinstance(exchange.json, dict) else {}
    wait = body.get("retry_after")
    return wait if type(wait) is int and 0 <= wait <= 1000 else None


def wait_as_asked(
    clock: Clock, burst: Burst, again: Callable[[], Exchange], pool: Executor
) -> Future[Exchange] | None:
    """Send a request when what each 429 asks for is over, without waiting for it here; None when they ask for none.

    One that came a little later and was served has taken what they were promised, so nothing can be said then.
    """
    refused = [*burst.refused, *([burst.early] if burst.early else [])]
    asked = [(e.ended, wait) for e in refused if (wait := asked_wait(e)) is not None]
    if not asked or any(exchange.status != TOO_MANY for exchange in refused):
        return None
    over = max(ended + wait / 1000 for ended, wait in asked)

    def send() -> Exchange:
        time.sleep(max(0.0, over + SOON - time.time()))
        after = again()
        clock.used([after])
        return after

    request = pool.submit(send)
    clock.coming(refused[0].operation.scope, request)
    return request


def broken_promise(burst: Burst) -> Exchange | None:
    """Return the later request if it was refused although the wait of each earlier 429 was over."""
    if burst.early is None or burst.early.status != TOO_MANY or not burst.refused:
        return None
    arrived = burst.early.sent + burst.latency - SLACK
    waits = [(asked_wait(exchange), exchange.ended) for exchange in burst.refused]
    over = all(wait is not None and ended + wait / 1000 < arrived for wait, ended in waits)
    return burst.early if over else None


def need_fast(bursts: Sequence[Burst]) -> None:
    """See to it that the target could exceed its limit; it is inconclusive when it is too slow."""
    if all(burst.too_slow for burst in bursts):
        best = max(len(burst.sent) / burst.seconds for burst in bursts)
        reason = (
            f"the target answers too slowly for a burst: {best:.0f} requests a second were reached"
        )
        raise Inconclusive(reason, bursts[-1].sent[-1])


class Once:
    """Calls a function once, and keeps what it returned or how it ended; threads wait for each other."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}
        self._lock = threading.RLock()

    def get(self, name: str, make: Callable[[], Any]) -> Any:
        """Return what `make` returned the first time, or raise the outcome that it raised."""
        with self._lock:
            if name not in self._kept:
                try:
                    self._kept[name] = make()
                except Outcome as problem:
                    self._kept[name] = problem
            if isinstance(self._kept[name], Outcome):
                raise self._kept[name]
            return self._kept[name]
