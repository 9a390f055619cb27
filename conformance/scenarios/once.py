"""Values that are made once, when they are first asked for."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from conformance.http import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable


class Once:
    """Calls a function once, and keeps what it returned or how it ended; threads wait for each other."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}
        self._lock = threading.RLock()

    def get(self, name: str, make: Callable[[], Any]) -> Any:
        """Return what `make` returned the first time, or raise the outcome that it raised."""
        with self._lock:
            if name not in self._kept:
                try:
                    self._kept[name] = make()
                except Outcome as problem:
                    self._kept[name] = problem
            if isinstance(self._kept[name], Outcome):
                raise self._kept[name]
            return self._kept[name]
