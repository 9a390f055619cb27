"""When the next request of each rate-limit scope may be sent: kept in this process, or in a file that all workers share.

Times are those of a monotonic clock, which all processes have in common.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import weakref
from typing import TYPE_CHECKING

from conformance.http.clock import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conformance.http.clock import Clock

LOCK_TIMEOUT = 600.0  # seconds for which a worker waits while another one has exclusive access
LIMITS_RESET_AFTER = 1.1  # seconds without requests, after which every limit is unused again
SECOND = 1.0


class Slots:
    """Hands out times to send at, at least one interval apart in each scope. Threads and, with a file, processes may share it."""

    def __init__(self, file: Path | None = None, clock: Clock = SYSTEM) -> None:
        """Keep everything in memory, or in a file that all workers open."""
        self.clock = clock
        self._lock = threading.RLock()
        self._held = 0
        self._data = sqlite3.connect(
            file or ":memory:", LOCK_TIMEOUT, isolation_level=None, check_same_thread=False
        )
        self.close = weakref.finalize(self, self._data.close)
        self._data.execute("PRAGMA synchronous = OFF")
        with self._locked():
            self._data.execute(
                "CREATE TABLE IF NOT EXISTS slot (scope TEXT PRIMARY KEY, interval REAL, next REAL)"
            )
            self._data.execute("CREATE TABLE IF NOT EXISTS reserved (scope TEXT, at REAL)")

    def set_interval(self, scope: str, interval: float) -> None:
        """Keep requests of a scope this many seconds apart from now on."""
        with self._locked():
            _, following = self._row(scope)
            self._store(scope, interval, max(following, self.clock.monotonic() + interval))

    def interval(self, scope: str) -> float:
        """Return the seconds between two requests of a scope; 0 when none is known."""
        with self._locked():
            return self._row(scope)[0]

    @property
    def is_empty(self) -> bool:
        """Whether no interval is known."""
        with self._locked():
            return not self._data.execute("SELECT 1 FROM slot WHERE interval > 0").fetchone()

    def reserve(self, scope: str) -> float:
        """Reserve the next time of a scope, and return it."""
        with self._locked():
            interval, following = self._row(scope)
            at = max(self.clock.monotonic(), following)
            self._store(scope, interval, at + interval)
            self._data.execute(
                "DELETE FROM reserved WHERE at < ?", (self.clock.monotonic() - SECOND,)
            )
            self._data.execute("INSERT INTO reserved VALUES (?, ?)", (scope, at))
        return at

    def reserved_recently(self, scope: str) -> int:
        """Return how many reserved times of a scope lie in the last second."""
        now = self.clock.monotonic()
        with self._locked():
            count = "SELECT count(*) FROM reserved WHERE scope = ? AND at BETWEEN ? AND ?"
            return int(self._data.execute(count, (scope, now - SECOND, now)).fetchone()[0])

    def postpone(self, scope: str, seconds: float) -> None:
        """Make the next time of a scope this many seconds later."""
        with self._locked():
            interval, following = self._row(scope)
            self._store(scope, interval, following + seconds)

    @contextlib.contextmanager
    def exclusive(self) -> Iterator[None]:
        """Reserve nothing for others in this block, nor before all limits are unused again after it."""
        with self._locked():
            yield
            unused = self.clock.monotonic() + LIMITS_RESET_AFTER
            self._data.execute("UPDATE slot SET next = max(next, ?)", (unused,))

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with self._lock:
            if not self._held:
                self._data.execute("BEGIN IMMEDIATE")
            self._held += 1
            try:
                yield
            finally:
                self._held -= 1
                if not self._held:
                    self._data.execute("COMMIT")

    def _row(self, scope: str) -> tuple[float, float]:
        found = self._data.execute("SELECT interval, next FROM slot WHERE scope = ?", (scope,))
        interval, following = found.fetchone() or (0.0, 0.0)
        return interval, following

    def _store(self, scope: str, interval: float, following: float) -> None:
        self._data.execute("REPLACE INTO slot VALUES (?, ?, ?)", (scope, interval, following))
