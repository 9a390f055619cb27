"""Annotations of a GitHub job: a line each, and nothing in it that begins another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reporting import read
from conformance.reporting.annotations import LONGEST, annotation, commands
from conformance.reporting.document import report

from .conftest import DOCS, every_verdict, finished, judged, started

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[list[dict[str, Any]]], Path]


def test_what_fails_a_run_is_annotated(write: Write) -> None:
    """What failed or could not be judged has a line with its source; what is known to fail has none."""
    lines = commands(report(read(write(every_verdict()))))
    assert [line.partition("::The")[0] for line in lines] == [
        "::error title=error (must)",
        "::error title=failed (must)",
    ]
    assert all(line.endswith(f"({DOCS})") for line in lines)


def test_outdated_entries_are_annotated(write: Write) -> None:
    """A known failure that is fixed or expired has a line with what to do."""
    outdated = {"requirement": "a", "problem": "passed", "message": "remove it"}
    events = [started(["a"]), judged("a", "passed", []), finished(1, outdated=[outdated])]
    assert commands(report(read(write(events)))) == ["::error title=known failure a::remove it"]


def test_escapes() -> None:
    """What ends a line, a property or a title is escaped; what a terminal obeys is shown as an escape, and long messages are cut."""
    assert annotation("a: 50%, b", "100% ::x, y") == (
        "::error title=a%3A 50%25%2C b::100%25 ::x, y"
    )
    assert annotation("a\nb", "c\r\nd\x1b[0m\u202e") == (
        "::error title=a\\nb::c\\r\\nd\\x1b[0m\\u202e"
    )
    assert annotation("a", "b" * (LONGEST + 1)).endswith("b...")
