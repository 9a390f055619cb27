"""A clock that stands still or is set ahead, for timestamps and the rate limiter of a server."""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.reference.application import Server


class MovableClock:
    """The clock of this machine, until it is frozen or set ahead."""

    def __init__(self) -> None:
        self._ahead = 0  # nanoseconds
        self._frozen: int | None = None  # the UNIX time at which it stands
        self._instant = self._since = time.monotonic_ns()

    @property
    def is_frozen(self) -> bool:
        """Whether it stands still."""
        return self._frozen is not None

    def time_ns(self) -> int:
        """Return the UNIX time."""
        return time.time_ns() + self._ahead if self._frozen is None else self._frozen

    def monotonic_ns(self) -> int:
        """Return an instant that never goes back, also when the clock does."""
        passed = 0 if self.is_frozen else time.monotonic_ns() - self._since
        return self._instant + passed

    def freeze(self, at: int | None = None) -> None:
        """Stand still, at a UNIX time or where it is; time passes for the limiter up to there."""
        now = self.time_ns()
        at = now if at is None else at
        self._move(max(0, at - now))
        self._frozen = at

    def advance(self, nanoseconds: int) -> None:
        """Let time pass, whether it stands still or not."""
        self._move(nanoseconds)
        if self._frozen is None:
            self._ahead += nanoseconds
        else:
            self._frozen += nanoseconds

    def unfreeze(self) -> None:
        """Go with the clock of this machine again."""
        self._move(0)
        self._frozen, self._ahead = None, 0

    def _move(self, nanoseconds: int) -> None:
        self._instant = self.monotonic_ns() + nanoseconds
        self._since = time.monotonic_ns()


def set_clock(server: Server, clock: MovableClock) -> None:
    """Let timestamps, ids of messages and the rate limiter of a server follow a clock."""
    server.store.clock = clock
    server.limiter.options = dataclasses.replace(server.limiter.options, clock=clock)
