"""The clock that pacing reads and sleeps by: the module `time`, or a clock that a test moves.

A signal ends no `sleep`: it is short, and
the KeyboardInterrupt is raised before the next request.
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
        """Return an instant that never goes back, with the highest resolution there is, to measure durations."""

    def sleep(self, seconds: float, /) -> None:
        """Wait."""


SYSTEM: Clock = time
