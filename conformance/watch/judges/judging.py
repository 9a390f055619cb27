"""What a judge is: a function that is registered for a habit, and says of a request whether it keeps it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.watch.history import History
    from conformance.watch.request import Request

    Judge = Callable[[Request, History], "Found | None"]


@dataclasses.dataclass(frozen=True)
class Found:
    """That a request violates a habit, and how; with an empty text, that it keeps it.

    `earlier` are the ids of the requests before it without which it would keep it. `row` is what it is counted for, where that
    is not its operation.
    """

    text: str = ""
    earlier: tuple[str, ...] = ()
    row: str = ""


KEPT = Found()
JUDGES: dict[str, Judge] = {}


def judge(habit: str) -> Callable[[Judge], Judge]:
    """Register the judge of a habit. It returns None for a request that cannot show the habit."""

    def register(function: Judge) -> Judge:
        JUDGES[habit] = function
        return function

    return register


def found(*texts: str) -> Found:
    """Return what was found; nothing means that the habit is kept."""
    return Found(", ".join(text for text in texts if text))
