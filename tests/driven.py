"""A clock that a test moves: nothing that reads it or waits by it takes any time."""

from __future__ import annotations

import threading

SECOND = 1_000_000_000
STARTED = 1_700_000_000 * SECOND  # UNIX time, where a second turns


class DrivenClock:
    """A clock of both sides, the suite's and the reference server's. It stands still until it is moved; to sleep moves it."""

    def __init__(self, seconds: float = 0.0) -> None:
        """Begin so long after a second has turned."""
        self.ns = STARTED + round(seconds * SECOND)
        self._lock = threading.Lock()

    def time_ns(self) -> int:
        """Return the UNIX time in nanoseconds."""
        return self.ns

    def monotonic_ns(self) -> int:
        """Return nanoseconds since that second turned."""
        return self.ns - STARTED

    def time(self) -> float:
        """Return the UNIX time in seconds."""
        return self.ns / SECOND

    def monotonic(self) -> float:
        """Return seconds since that second turned."""
        return self.monotonic_ns() / SECOND

    def perf_counter(self) -> float:
        """Return the same."""
        return self.monotonic()

    @property
    def milliseconds(self) -> int:
        """The milliseconds since that second turned."""
        return round(self.monotonic_ns() / 1_000_000)

    def sleep(self, seconds: float, /) -> None:
        """Move on; threads that sleep at once move it by the sum."""
        with self._lock:
            self.ns += round(seconds * SECOND)
