"""Keeps requests below the target's rates: none until a limiter shows itself, then evenly spaced by scope."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.wire.exchange import Exchange

MARGIN = 1.05
LONGEST_WAIT = 5.0  # seconds


class Pace:
    """The least distance between two requests of one scope, in seconds."""

    def __init__(self, rates: Mapping[str, int]) -> None:
        """Start with these rates (requests per second by scope), or with none."""
        self._interval = {scope: MARGIN / rate for scope, rate in rates.items()}
        self._next: dict[str, float] = {}
        self.waited = 0.0
        self._planning = threading.Lock()

    @property
    def is_known(self) -> bool:
        """Whether there is any rate to keep."""
        return bool(self._interval)

    def wait(self, scope: str) -> None:
        """Sleep until a request of this scope may be sent."""
        delay = self._reserve(scope)
        if delay > 0:
            time.sleep(delay)

    def learn(self, exchange: Exchange) -> None:
        """Take the rate from the headers of a response."""
        limit = exchange.headers.get("x-ratelimit-limit", "")
        scope = exchange.operation.scope
        with self._planning:
            if limit.isdigit() and int(limit) > 0 and scope not in self._interval:
                self._interval[scope] = MARGIN / int(limit)
                self._next[scope] = time.monotonic() + self._interval[scope]

    def back_off(self, exchange: Exchange, attempt: int) -> None:
        """Sleep after a 429, as long as it asks for and longer with each attempt."""
        body = exchange.json
        asked = body.get("retry_after") if isinstance(body, dict) else None
        seconds = asked / 1000 if isinstance(asked, int) and asked > 0 else 0.0
        delay = min(LONGEST_WAIT, max(seconds, 0.25 * 2**attempt))
        self.waited += delay
        time.sleep(delay)

    def _reserve(self, scope: str) -> float:
        """Give the caller the next free moment of the scope; return how far off it is, in seconds."""
        with self._planning:
            now = time.monotonic()
            moment = max(now, self._next.get(scope, 0.0))
            self._next[scope] = moment + self._interval.get(scope, 0.0)
            self.waited += moment - now
            return moment - now
