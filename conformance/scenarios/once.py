"""Values that are made once, when they are first asked for, and how that ended when it could not be done."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, TypeVar

from conformance.http import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

Made = TypeVar("Made")


def outcome_of(make: Callable[[], Made]) -> Made | Outcome:
    """Return what `make` returns, or the outcome that it raises."""
    try:
        return make()
    except Outcome as problem:
        return problem


def value_or_raise(kept: Made | Outcome) -> Made:
    """Return what was kept; raise it if it is an outcome."""
    if isinstance(kept, Outcome):
        raise kept
    return kept


class Once:
    """Calls a function once, and keeps what it returned or how it ended; threads wait for each other."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}
        self._lock = threading.RLock()

    def get(self, name: str, make: Callable[[], Any]) -> Any:
        """Return what `make` returned the first time, or raise the outcome that it raised."""
        with self._lock:
            if name not in self._kept:
                self._kept[name] = outcome_of(make)
            return value_or_raise(self._kept[name])
