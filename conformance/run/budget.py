"""The budget of a run, in time and requests."""

from __future__ import annotations

import dataclasses
import time


@dataclasses.dataclass
class Budget:
    """The time and requests that a run may use (--max-time, --max-requests), and those it has used; None has no limit."""

    seconds: float | None
    requests: int | None
    sent: int = 0
    began: float = dataclasses.field(default_factory=time.monotonic)

    def begin(self) -> None:
        """Count the time from now on."""
        self.began = time.monotonic()

    def used_up(self) -> str:
        """Return which limit is reached, as text; empty when none is."""
        if self.seconds is not None and time.monotonic() - self.began >= self.seconds:
            return f"--max-time {self.seconds:g} is over"
        if self.requests is not None and self.sent >= self.requests:
            return "--max-requests are sent"
        return ""
