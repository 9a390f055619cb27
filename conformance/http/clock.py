"""What time it is, and how it is waited for: by the module `time`, or by a clock that a test moves.

Instants of `monotonic` are those of the machine's monotonic clock, which all its processes have in common. A signal ends no
wait: what waits is short, and signals are heeded before the request that comes after it.
"""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """What is used of the module `time`; everything in seconds."""

    def time(self) -> float:
        """Return the UNIX time."""

    def monotonic(self) -> float:
        """Return an instant that never goes back."""

    def perf_counter(self) -> float:
        """Return an instant that never goes back, as fine as there is one: to tell how long something takes."""

    def sleep(self, seconds: float, /) -> None:
        """Wait."""


SYSTEM: Clock = time
