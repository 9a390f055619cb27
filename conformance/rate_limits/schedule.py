"""When the steps of the checks of rate limits are sent: as checks ask for them, or all of them beside the other checks.

The steps of each revision are in `bursts` and `launch`.
"""

from __future__ import annotations

import abc
import sys
from typing import TYPE_CHECKING

from conformance.rate_limits.timing import SYSTEM_RUNTIME, Recovery
from conformance.scenarios.once import Once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.rate_limits.limited_target import LimitedTarget
    from conformance.rate_limits.timing import Runtime

TURN = 0.0005  # seconds that a thread runs before another one may


class Schedule(abc.ABC):
    """Each step is sent once; a check that asks for one that is being sent waits for it."""

    def __init__(
        self,
        limited: Callable[[], LimitedTarget],
        together: Iterable[frozenset[str]] = (),
        runtime: Runtime = SYSTEM_RUNTIME,
    ) -> None:
        """Take who sends to which instance, which scopes are one limit on some servers, and the clock and threads."""
        self._target, self._runtime = limited, runtime
        self._once, self._recovery = Once(), Recovery(together, runtime)
        self._beside = runtime.pool(1)

    @abc.abstractmethod
    def steps(self) -> list[Callable[[], object]]:
        """Return all steps, in the order that needs the least waiting."""

    def begin(self) -> None:
        """Send all steps, in order, in a thread of their own.

        Meanwhile threads take turns more often than usual, otherwise each part of a request would wait for the others. An
        outcome is kept, raised again when a check asks for the step, and reported there.
        """
        usual = sys.getswitchinterval()
        sys.setswitchinterval(TURN)
        for step in self.steps():
            self._beside.submit(step)
        self._beside.submit(sys.setswitchinterval, usual)

    def end(self) -> None:
        """Begin no other step, and wait for the one that is being sent."""
        self._beside.shutdown(cancel_futures=True)
