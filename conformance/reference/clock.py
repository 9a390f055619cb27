"""The clock of a server: the module `time`, or a clock that a test moves."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """What is used of the module `time`; everything in nanoseconds."""

    def time_ns(self) -> int:
        """Return the UNIX time."""

    def monotonic_ns(self) -> int:
        """Return an instant that never goes back."""


SYSTEM: Clock = time
