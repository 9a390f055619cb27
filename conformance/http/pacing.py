"""Keeps requests below the target's rates: evenly spaced by scope, with the limits that the target's responses show.

Without a rate to keep, nothing waits until a response shows a limiter, by a header or a 429. `slots` hands out the times to send at.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import httpx

from conformance.http.clock import SYSTEM
from conformance.http.slots import Slots
from conformance.http.whole_numbers import whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.http.clock import Clock
    from conformance.http.exchange import Exchange

MARGIN = 1.02  # times the documented interval
JITTER = 0.015  # seconds by which a request may be delayed without leaving the margin
LONGEST_WAIT = 5.0  # seconds
LIMITS_RESET_AFTER = 1.1  # seconds without requests, after which every limit is unused again
ALL_SCOPES = "*"
LARGEST_SECONDS = 1e11  # a UNIX time above this is in milliseconds


class Pace:
    """When requests may be sent. `waited` is the seconds slept for that, `throttled` the number of 429s."""

    def __init__(
        self,
        rates: Mapping[str, float],
        *,
        documented: Mapping[str, float] | None = None,
        clock: Clock = SYSTEM,
    ) -> None:
        """Take the rates to keep from the start (requests a second by scope, or none), and those to keep once there was a 429.

        A rate of the scope `*` is kept by all requests together, whatever limits the target shows.
        """
        self.slots = Slots(clock)
        self._clock = clock
        self.waited = 0.0
        self.throttled = 0
        self._documented = documented or rates
        self._is_single = ALL_SCOPES in rates
        self._scope_shown: dict[str, str] = {}
        self._fastest = float("inf")
        self._reserved = threading.local()
        self._lock = threading.Lock()
        for scope, rate in rates.items():
            self.slots.set_interval(scope, (1.0 if self._is_single else MARGIN) / rate)

    @property
    def is_known(self) -> bool:
        """Whether there is any rate to keep."""
        return not self.slots.is_empty

    def wait(self, scope: str) -> None:
        """Sleep until a request of this scope may be sent."""
        self._reserved.at = self.slots.reserve(self._scope(scope))
        self._sleep(self._reserved.at - self._clock.monotonic())

    def learn(self, exchange: Exchange) -> None:
        """Take limits and scope from the headers of a response, and postpone the next request where that is needed."""
        self._learn_scope(exchange)
        scope = self._scope(exchange.operation.scope)
        if exchange.status == httpx.codes.TOO_MANY_REQUESTS:
            self.throttled += 1
            self._keep(scope, self._documented.get(scope, 0))
        self._keep(scope, whole_number(exchange.headers.get("x-ratelimit-limit")) or 0)
        self._postpone(scope, exchange)

    def back_off(self, exchange: Exchange, attempt: int) -> None:
        """Sleep after a 429, as long as it asks for and longer with each attempt."""
        interval = self.slots.interval(self._scope(exchange.operation.scope))
        requested = _requested_wait(exchange, self._clock.time())
        seconds = interval if requested == 0 else requested
        exponential = 0.25 * 2**attempt if requested is None or attempt else 0.0
        self._sleep(min(LONGEST_WAIT, max(seconds or 0.0, exponential)))

    def _sleep(self, seconds: float) -> None:
        if seconds > 0:
            with self._lock:
                self.waited += seconds
            self._clock.sleep(seconds)

    def _scope(self, scope: str) -> str:
        return ALL_SCOPES if self._is_single else self._scope_shown.get(scope, scope)

    def _learn_scope(self, exchange: Exchange) -> None:
        """Count an operation for the scope that the target's header names, if that is another documented one."""
        reported = exchange.headers.get("x-ratelimit-scope", "")
        if reported in self._documented and reported != exchange.operation.scope:
            self._scope_shown[exchange.operation.scope] = reported

    def _keep(self, scope: str, rate: float) -> None:
        """Keep a rate that the target shows, unless a lower one is kept already."""
        if rate > 0 and not self._is_single and self.slots.interval(scope) < MARGIN / rate:
            self.slots.set_interval(scope, MARGIN / rate)

    def _postpone(self, scope: str, exchange: Exchange) -> None:
        """Postpone the next request by what this one was delayed, here or on its way, as the next one may not be delayed."""
        interval = self.slots.interval(scope)
        seconds = self._clock.monotonic() - self._reserved.at
        self._fastest = min(self._fastest, seconds)
        late = seconds - self._fastest - (0.0 if self._is_single else JITTER)
        late = max(0.0, late) + (interval if self._is_shared(scope, exchange) else 0.0)
        if interval and late > 0:
            self.slots.postpone(scope, late)

    def _is_shared(self, scope: str, exchange: Exchange) -> bool:
        """Whether nothing remains of the limit although this run did not use it up: then another client shares it."""
        reported = exchange.headers
        if reported.get("x-ratelimit-remaining") != "0":
            return False
        limit = whole_number(reported.get("x-ratelimit-limit"))
        return limit is not None and self.slots.reserved_recently(scope) < limit - 1


def _requested_wait(exchange: Exchange, now: float) -> float | None:
    """Return the seconds that a 429 asks to wait: `retry_after` in milliseconds, else until the reset."""
    body = exchange.json
    retry_after = whole_number(body.get("retry_after") if isinstance(body, dict) else None)
    if retry_after is not None:
        return retry_after / 1000
    reset = whole_number(exchange.headers.get("x-ratelimit-reset"))
    if reset is None:
        return None
    unit = 1000 if reset > LARGEST_SECONDS else 1  # PluralKit production has seconds
    return max(0.0, reset / unit - now)
