"""How often each habit was kept and violated, by operation or scope, and the check that this makes in the event log."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Any

from conformance.printable import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.watch.catalogue import Habit
    from conformance.watch.judges import Found
    from conformance.watch.request import Request

MODULE = "watch"  # begins the names of checks
SHOWN = 3  # different findings that a reason names
DIFFERENT = 50  # different findings that are remembered
LISTED = 1000  # exchanges that a check lists


@dataclasses.dataclass
class Count:
    """What was seen of one habit in one row: how many requests could show it, and those that did."""

    seen: int = 0
    violated: int = 0
    first: float = 0.0
    last: float = 0.0
    exchanges: list[str] = dataclasses.field(default_factory=list)
    chain: list[str] = dataclasses.field(default_factory=list)
    texts: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)

    def add(self, request: Request, found: Found) -> bool:
        """Count a request; return whether it is the first that violates the habit."""
        self.seen += 1
        if not found.text:
            return False
        self.violated += 1
        self.last = request.sent
        if len(self.texts) < DIFFERENT or found.text in self.texts:
            self.texts[found.text] += 1
        if len(self.exchanges) < LISTED:
            self.exchanges.append(request.id)
        if self.violated == 1:
            self.first, self.chain = request.sent, [*found.earlier, request.id]
        return self.violated == 1

    @property
    def reason(self) -> str:
        """How many requests violated the habit, when, and how; empty if none did."""
        if not self.violated:
            return ""
        texts = [text for text, _number in self.texts.most_common(SHOWN)]
        left = len(self.texts) - len(texts)
        more = ["and others like these"] if left else []
        times = f"at {_clock(self.first)}"
        if self.violated > 1:
            times = f"first {times}, last at {_clock(self.last)}"
        return f"{self.violated} of {counted(self.seen, 'request')}, {times}: {'; '.join([*texts, *more])}"


class Tally:
    """The counts of all habits."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._counts: dict[tuple[str, str], Count] = {}

    def add(self, habit: str, row: str, request: Request, found: Found) -> bool:
        """Count a request for a habit; return whether it is the first of its row that violates it."""
        return self._counts.setdefault((habit, row), Count()).add(request, found)

    def checks(self, habit: Habit) -> Iterator[dict[str, Any]]:
        """Yield the checks of a habit: one for each operation or scope that could show it, or one that is not applicable."""
        rows = {row: count for (name, row), count in self._counts.items() if name == habit.id}
        if not rows:
            yield _check(habit, f"{MODULE}::{habit.id}", "not-applicable", habit.unseen)
        for row, count in sorted(rows.items()):
            name = f"{MODULE}::{habit.id}[{row}]"
            if not count.violated:
                yield _check(habit, name, "passed", "")
                continue
            actual = count.texts.most_common(1)[0][0]
            yield {
                **_check(habit, name, "failed", count.reason),
                "actual": actual,
                "exchanges": count.exchanges,
                "evidence": count.chain[-1],
                "chain": count.chain,
            }


def _check(habit: Habit, name: str, outcome: str, reason: str) -> dict[str, Any]:
    return {
        "check": name,
        "description": habit.requirement.text,
        "requirements": [habit.id],
        "outcome": outcome,
        "reason": reason,
        "expected": None,
        "actual": None,
        "exchanges": [],
        "evidence": None,
        "milliseconds": 0.0,
    }


def _clock(moment: float) -> str:
    """Return a UNIX time as the time of its day, in UTC."""
    return dt.datetime.fromtimestamp(moment, dt.UTC).strftime("%H:%M:%S.%f")[:-3]
