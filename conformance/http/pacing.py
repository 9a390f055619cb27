"""Keeps requests below the target's rates: evenly spaced by scope, as the target's responses ask for.

Without a rate to keep, nothing waits until a limiter shows itself, in a header or in a 429. The instants are given out by
`slots`, which several workers may share; its clock is the one that is waited by.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import httpx

from conformance.http.slots import Slots

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.http.exchange import Exchange

MARGIN = 1.02  # of the documented interval: so much later than needed the last of a second's requests comes
JITTER = 0.015  # seconds: being late by this uses the margin up, nearly, and disturbs nothing
LONGEST_WAIT = 5.0  # seconds
EVERYTHING = "*"
MILLISECONDS_FROM = 1e11  # a UNIX time above this cannot be in seconds


class Pace:
    """When requests may be sent. `waited` is the seconds that this took, `throttled` how many were rejected."""

    def __init__(
        self,
        rates: Mapping[str, float],
        *,
        documented: Mapping[str, float] | None = None,
        slots: Slots | None = None,
    ) -> None:
        """Take the rates to keep from the start (requests a second by scope, or none), and those that a 429 makes known.

        A rate of the scope `*` is kept by all requests together, whatever the target says.
        """
        self.slots = slots or Slots()
        self._clock = self.slots.clock
        self.waited = 0.0
        self.throttled = 0
        self._documented = documented or rates
        self._only = EVERYTHING in rates
        self._named: dict[str, str] = {}
        self._quickest = float("inf")
        self._own = threading.local()
        self._lock = threading.Lock()
        for scope, rate in rates.items():
            self.slots.know(scope, (1.0 if self._only else MARGIN) / rate)

    @property
    def is_known(self) -> bool:
        """Whether there is any rate to keep."""
        return not self.slots.is_empty

    def wait(self, scope: str) -> None:
        """Sleep until a request of this scope may be sent."""
        self._own.instant = self.slots.reserve(self._scope(scope))
        self._sleep(self._own.instant - self._clock.monotonic())

    def learn(self, exchange: Exchange) -> None:
        """Take from a response what its headers say, and keep the distance from when it was there, where it matters."""
        self._learn_scope(exchange)
        scope = self._scope(exchange.operation.scope)
        if exchange.status == httpx.codes.TOO_MANY_REQUESTS:
            self.throttled += 1
            self._keep(scope, self._documented.get(scope, 0))
        limit = exchange.headers.get("x-ratelimit-limit", "")
        self._keep(scope, int(limit) if limit.isdigit() else 0)
        self._even_out(scope, exchange)

    def back_off(self, exchange: Exchange, attempt: int) -> None:
        """Sleep after a 429, as long as it asks for and longer with each attempt."""
        interval = self.slots.interval(self._scope(exchange.operation.scope))
        asked = _asked(exchange, self._clock.time())
        seconds = interval if asked == 0 else asked
        longer = 0.25 * 2**attempt if asked is None or attempt else 0.0
        self._sleep(min(LONGEST_WAIT, max(seconds or 0.0, longer)))

    def _sleep(self, seconds: float) -> None:
        if seconds > 0:
            with self._lock:
                self.waited += seconds
            self._clock.sleep(seconds)

    def _scope(self, scope: str) -> str:
        return EVERYTHING if self._only else self._named.get(scope, scope)

    def _learn_scope(self, exchange: Exchange) -> None:
        """Count an operation for the scope that the target names, when it is another one of the documented."""
        reported = exchange.headers.get("x-ratelimit-scope", "")
        if reported in self._documented and reported != exchange.operation.scope:
            self._named[exchange.operation.scope] = reported

    def _keep(self, scope: str, rate: float) -> None:
        """Keep a rate that the target shows, unless a lower one is kept."""
        if rate > 0 and not self._only and self.slots.interval(scope) < MARGIN / rate:
            self.slots.know(scope, MARGIN / rate)

    def _even_out(self, scope: str, exchange: Exchange) -> None:
        """Start the interval later by what a request was held up, here or on its way, for the next one may not be."""
        interval = self.slots.interval(scope)
        seconds = self._clock.monotonic() - self._own.instant
        self._quickest = min(self._quickest, seconds)
        late = seconds - self._quickest - (0.0 if self._only else JITTER)
        late = max(0.0, late) + (interval if self._is_shared(scope, exchange) else 0.0)
        if interval and late > 0:
            self.slots.push(scope, late)

    def _is_shared(self, scope: str, exchange: Exchange) -> bool:
        """Whether nothing remains although this run did not use it up: then somebody else has a part of the limit."""
        reported = exchange.headers
        if reported.get("x-ratelimit-remaining") != "0":
            return False
        limit = reported.get("x-ratelimit-limit", "")
        return limit.isdigit() and self.slots.given(scope) < int(limit) - 1


def _asked(exchange: Exchange, now: float) -> float | None:
    """Return the seconds that a 429 asks to wait: `retry_after` in milliseconds, else until the reset."""
    body = exchange.json
    asked = body.get("retry_after") if isinstance(body, dict) else None
    if type(asked) is int and asked >= 0:
        return asked / 1000
    reset = exchange.headers.get("x-ratelimit-reset", "")
    if not reset.isdigit():
        return None
    unit = 1000 if float(reset) > MILLISECONDS_FROM else 1  # upstream tells seconds
    return max(0.0, float(reset) / unit - now)
