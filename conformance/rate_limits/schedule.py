"""When the scenes of the checks of rate limits are sent: as checks ask for them, or all of them beside the other checks.

What a scene is, each revision's own module says: `rate_scenes` and `rate_scenes_at_launch`.
"""

from __future__ import annotations

import abc
import sys
from typing import TYPE_CHECKING

from conformance.rate_limits.timing import USUAL, Recovery
from conformance.scenarios.once import Once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.rate_limits.limited_target import Limited
    from conformance.rate_limits.timing import Means

TURN = 0.0005  # seconds


class Schedule(abc.ABC):
    """Each scene is played once; who asks for one that is being played waits for it."""

    def __init__(
        self,
        limited: Callable[[], Limited],
        together: Iterable[frozenset[str]] = (),
        means: Means = USUAL,
    ) -> None:
        """Take who sends to which instance, which scopes are one limit on some servers, and what waits and sends."""
        self._limited, self._means = limited, means
        self._once, self._recovery = Once(), Recovery(together, means)
        self._beside = means.pool(1)

    @abc.abstractmethod
    def scenes(self) -> list[Callable[[], object]]:
        """Return all scenes, in the order that has the least waiting."""

    def begin(self) -> None:
        """Play all scenes, one after the other, beside what else is done.

        Meanwhile threads take turns more often than usual, or each step of a request would wait for the others. What goes
        wrong here goes wrong again when a check asks for the scene, and is reported there.
        """
        usual = sys.getswitchinterval()
        sys.setswitchinterval(TURN)
        for scene in self.scenes():
            self._beside.submit(scene)
        self._beside.submit(sys.setswitchinterval, usual)

    def end(self) -> None:
        """Begin no other scene, and wait for the one that is played."""
        self._beside.shutdown(cancel_futures=True)
