"""Expected and actual side by side: what differs, line by line, with the lines around it. JSON is compared as JSON is indented."""

from __future__ import annotations

import difflib
import itertools
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

AROUND = 2  # equal lines that are shown before and after a different one
MOST_LINES = 400  # to compare; what comes after is cut


@dataclass(frozen=True)
class Line:
    """A line of both sides: None where a side has none; `gap` stands for equal lines that are left out."""

    kind: Literal["same", "changed", "gap"]
    expected: str | None
    actual: str | None


def difference(expected: str | None, actual: str | None, longest: int) -> list[Line]:
    """Return the lines of both sides, each cut after so many characters; none if both are unknown."""
    if expected is None and actual is None:
        return []
    left, right = _lines(expected, actual)
    return list(_compared(_cut(left, longest), _cut(right, longest)))


def _lines(*sides: str | None) -> list[list[str]]:
    """Return the lines of each side: of the JSON of all sides, if all are some and one has a structure."""
    with suppress(ValueError, RecursionError):
        values = [json.loads(side) for side in sides if side is not None]
        if any(isinstance(value, dict | list) for value in values):
            return [_indented(side) if side is not None else [] for side in sides]
    return [(side or "").splitlines() for side in sides]


def _indented(text: str) -> list[str]:
    value: Any = json.loads(text)
    return json.dumps(value, indent=2, ensure_ascii=False).splitlines()


def _cut(lines: Sequence[str], longest: int) -> list[str]:
    kept: list[str] = []
    room = longest
    for line in lines[:MOST_LINES]:
        if len(line) > room:
            return [*kept, f"{line[:room]} … cut here, the log has all of it"]
        kept.append(line)
        room -= len(line)
    return kept if len(lines) <= MOST_LINES else [*kept, "… cut here, the log has all of it"]


def _compared(expected: Sequence[str], actual: Sequence[str]) -> Iterator[Line]:
    matcher = difflib.SequenceMatcher(None, expected, actual, autojunk=False)
    codes = matcher.get_opcodes()
    for place, (tag, start, end, other_start, other_end) in enumerate(codes):
        left, right = expected[start:end], actual[other_start:other_end]
        if tag == "equal":
            yield from _same(left, is_first=place == 0, is_last=place == len(codes) - 1)
        else:
            for one, other in itertools.zip_longest(left, right):
                yield Line("changed", one, other)


def _same(lines: Sequence[str], *, is_first: bool, is_last: bool) -> Iterator[Line]:
    head, tail = (0 if is_first else AROUND), (0 if is_last else AROUND)
    if len(lines) <= head + tail + 1:
        head, tail = len(lines), 0
    yield from (Line("same", line, line) for line in lines[:head])
    if len(lines) > head + tail:
        number = len(lines) - head - tail
        text = f"… {number} equal line{'s' if number > 1 else ''}"
        yield Line("gap", text, text)
    yield from (Line("same", line, line) for line in lines[len(lines) - tail :])
