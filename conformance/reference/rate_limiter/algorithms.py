"""Algorithms that count requests against a limit per second: four, all of which conform to the docs.

Each keeps a budget for every key; times are in nanoseconds. Who shares a budget, and which headers are sent, is in
`limiter`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Protocol

SECOND_NS = 1_000_000_000

Key = tuple[str, str]
"""Scope and client."""


@dataclass(frozen=True)
class Count:
    """The count of one request: what remains, and nanoseconds until the budget is full and until one more request passes."""

    granted: bool
    remaining: int
    full: int
    next: int


class Algorithm(Protocol):
    """Counts requests."""

    def count(self, key: Key, limit: int, now: int) -> Count:
        """Count one request of `key`; a rejected one uses nothing up."""


class SlidingWindow:
    """Any period of a second has at most the limit: a log of the instants of recent requests."""

    def __init__(self) -> None:
        self._logs: dict[Key, deque[int]] = {}

    def count(self, key: Key, limit: int, now: int) -> Count:
        """Count one request against those of the last second."""
        log = self._logs.setdefault(key, deque())
        while log and now - log[0] >= SECOND_NS:
            log.popleft()
        granted = len(log) < limit
        if granted:
            log.append(now)
        full, following = (at + SECOND_NS - now for at in (log[-1], log[0]))
        return Count(granted, limit - len(log), full, 0 if granted else following)


class FixedWindow:
    """Each second of the clock has its own budget, so that twice the limit can pass around the end of one."""

    def __init__(self) -> None:
        self._used: dict[Key, tuple[int, int]] = {}

    def count(self, key: Key, limit: int, now: int) -> Count:
        """Count one request against those of the current second."""
        window, left = now // SECOND_NS, SECOND_NS - now % SECOND_NS
        last, used = self._used.get(key, (window, 0))
        used = used if last == window else 0
        granted = used < limit
        self._used[key] = window, used + granted
        return Count(granted, limit - used - granted, left, 0 if granted else left)


class TokenBucket:
    """A bucket of as many tokens as the limit, refilled evenly."""

    def __init__(self) -> None:
        self._full_at: dict[Key, int] = {}

    def count(self, key: Key, limit: int, now: int) -> Count:
        """Take one token, if there is one."""
        size, interval = self.size(limit), SECOND_NS // limit
        full_at = max(now, self._full_at.get(key, now))
        missing = full_at + interval - now - size * interval  # until there is one token
        if missing <= 0:
            full_at += interval
            self._full_at[key] = full_at
        left = size - -((now - full_at) // interval)
        return Count(missing <= 0, left, full_at - now, max(0, missing))

    def size(self, limit: int) -> int:
        """Return the number of tokens of a full bucket."""
        return limit


class Gcra(TokenBucket):
    """The generic cell rate algorithm, with a burst that is one short of the limit."""

    def size(self, limit: int) -> int:
        """Return how many requests pass at once: one at least, or none would ever."""
        return max(1, limit - 1)


ALGORITHMS: dict[str, type[Algorithm]] = {
    "gcra": Gcra,
    "token-bucket": TokenBucket,
    "fixed-window": FixedWindow,
    "sliding-window": SlidingWindow,
}
"""Every algorithm by the name that `serve --limiter` takes."""
