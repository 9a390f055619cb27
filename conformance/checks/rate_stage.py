"""When the scenes of the checks of rate limits are sent: as checks ask for them, or all of them beside the other checks.

What a scene is, each revision's own module says: `rate_scenes` and `rate_scenes_at_launch`.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from typing import TYPE_CHECKING

from conformance.checks.rates import Clock, Once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.wire.limited import Limited

TURN = 0.0005  # seconds


class Stage:
    """Each scene is played once; who asks for one that is being played waits for it."""

    def __init__(
        self, limited: Callable[[], Limited], together: Iterable[frozenset[str]] = ()
    ) -> None:
        """Take who sends to which instance, and which scopes are one limit on some servers."""
        self._limited = limited
        self._once, self._clock = Once(), Clock(together)
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()

    def scenes(self) -> list[Callable[[], object]]:
        """Return all scenes, in the order that has the least waiting."""
        raise NotImplementedError

    def finish(self) -> None:
        """Undo what the scenes left."""

    def begin(self) -> None:
        """Play all scenes, one after the other, in a thread of their own.

        It takes turns with the others more often than usual, or each step of a request would wait for them.
        """
        sys.setswitchinterval(TURN)
        self._thread = threading.Thread(target=self._play, name="rate limits", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Begin no other scene, wait for the one that is played, and undo what they left."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        self.finish()

    def _play(self) -> None:
        for scene in [*self.scenes(), self.finish]:
            # What goes wrong here goes wrong again when a check asks for the scene, and is told there.
            with contextlib.suppress(Exception):
                if not self._ended.is_set():
                    scene()
