"""When the next request of each rate-limit scope may be sent. Times are those of a monotonic clock."""

from __future__ import annotations

import collections
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.http.clock import Clock

SECOND = 1.0


class Slots:
    """Hands out times to send at, at least one interval apart in each scope. Several threads may share it."""

    def __init__(self, clock: Clock) -> None:
        """Begin without any interval."""
        self._clock = clock
        self._lock = threading.Lock()
        self._intervals: dict[str, float] = collections.defaultdict(float)
        self._next: dict[str, float] = collections.defaultdict(float)
        self._reserved: dict[str, list[float]] = collections.defaultdict(list)

    def set_interval(self, scope: str, interval: float) -> None:
        """Keep requests of a scope this many seconds apart from now on."""
        with self._lock:
            self._intervals[scope] = interval
            self._next[scope] = max(self._next[scope], self._clock.monotonic() + interval)

    def interval(self, scope: str) -> float:
        """Return the seconds between two requests of a scope; 0 when none is known."""
        return self._intervals[scope]

    @property
    def is_empty(self) -> bool:
        """Whether no interval is known."""
        with self._lock:
            return not any(self._intervals.values())

    def reserve(self, scope: str) -> float:
        """Reserve the next time of a scope, and return it."""
        with self._lock:
            now = self._clock.monotonic()
            at = max(now, self._next[scope])
            self._next[scope] = at + self._intervals[scope]
            recent = [time for time in self._reserved[scope] if time >= now - SECOND]
            self._reserved[scope] = [*recent, at]
        return at

    def reserved_recently(self, scope: str) -> int:
        """Return how many reserved times of a scope lie in the last second."""
        now = self._clock.monotonic()
        with self._lock:
            return sum(now - SECOND <= time <= now for time in self._reserved[scope])

    def postpone(self, scope: str, seconds: float) -> None:
        """Make the next time of a scope this many seconds later."""
        with self._lock:
            self._next[scope] += seconds
