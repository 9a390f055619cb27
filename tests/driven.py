"""A clock that a test moves, so that waiting takes no time."""

from __future__ import annotations

import threading

SECOND = 1_000_000_000
STARTED = 1_700_000_000 * SECOND  # UNIX time, the begin of a second


class DrivenClock:
    """A clock for the suite and the reference server. It stands still, and `sleep` moves it."""

    def __init__(self, seconds: float = 0.0) -> None:
        """Start this many seconds after the begin of a second."""
        self.ns = STARTED + round(seconds * SECOND)
        self._lock = threading.Lock()

    def time_ns(self) -> int:
        """Return the UNIX time in nanoseconds."""
        return self.ns

    def monotonic_ns(self) -> int:
        """Return nanoseconds since the begin of that second."""
        return self.ns - STARTED

    def time(self) -> float:
        """Return the UNIX time in seconds."""
        return self.ns / SECOND

    def monotonic(self) -> float:
        """Return seconds since the begin of that second."""
        return self.monotonic_ns() / SECOND

    def perf_counter(self) -> float:
        """Return the same as `monotonic`."""
        return self.monotonic()

    @property
    def milliseconds(self) -> int:
        """Milliseconds since the begin of that second."""
        return round(self.monotonic_ns() / 1_000_000)

    def sleep(self, seconds: float, /) -> None:
        """Move the clock; threads that sleep at once move it by the sum."""
        with self._lock:
            self.ns += round(seconds * SECOND)
