"""summary.md: what it names, that text of the server stays text, and that it is short enough."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from conformance.reporting import read
from conformance.reporting.document import report
from conformance.reporting.markdown import LIMIT, LONGEST_CELL, MOST_LINES, markdown, text

from .conftest import DOCS, every_verdict, finished, finished_check, judged, started

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[list[dict[str, Any]]], Path]


def summary(path: Path) -> str:
    """Return the summary of a log."""
    return markdown(report(read(path)))


def test_headline_counts_and_failures(write: Write) -> None:
    """The headline, a row for each verdict, and one for what failed, could not be judged or is known to fail, with its source."""
    lines = summary(write(every_verdict())).splitlines()
    assert lines[0].startswith("## suite error: ")
    assert "| not-applicable | 1 |" in lines
    rows = [line for line in lines if f"({DOCS})" in line]
    assert [row.split(" | ")[0] for row in rows] == ["| error", "| failed", "| known"]
    assert "until 2027-03-01: Soon &#60;b&#62;" in rows[2]
    assert {row.count("|") for row in rows} == {5}


def test_a_run_that_stopped(write: Write) -> None:
    """Why a run stopped early stands before what it found."""
    events = [started(["a"]), judged("a", "untested", []), finished(5, stopped="--max-time 1")]
    assert "\nStopped early: --max-time 1\n" in summary(write(events))


def test_outdated_entries(write: Write) -> None:
    """Known failures that are fixed or expired stand before the failures, with what to do."""
    outdated = {"requirement": "a", "problem": "expired", "message": "a expired: fix it"}
    events = [started(["a"]), judged("a", "passed", []), finished(1, outdated=[outdated])]
    assert "\n- a expired: fix it\n" in summary(write(events))


@pytest.mark.parametrize(
    "hostile",
    [
        "| a | b |\\| `code` <img src=x onerror=alert(1)> &amp;",
        "![x](http://tracker.example/a.png) [y](javascript:z) @everyone #12",
        "www.example.org http://example.org a@b.example :bug: $x$ ~~gone~~ **bold** _it_",
        "# heading\n\n- list\r\n::error::x \x1b[31m \u202e \u2028 \ud800 <!-- -->",
    ],
)
def test_text_of_the_server_is_text(write: Write, hostile: str) -> None:
    """No character of a reason is markup, ends its cell or its line, or is obeyed by a terminal."""
    check = finished_check("m::c", "failed", ["a"], reason=hostile)
    row = judged("a", "failed", ["m::c"], reason=hostile)
    lines = summary(write([started(["a"]), check, row, finished(1)])).splitlines()
    [shown] = [line for line in lines if line.startswith("| failed | <code>a")]
    cell = shown.rpartition("<code>")[2].removesuffix("</code> |")
    assert not re.search(r"[|`<>\[\]*_@/$~\\\x00-\x1f\u202e\u2028\ud800]|www\.|:\S", cell)
    assert re.search("#(?![0-9]+;)", cell) is None
    assert shown.count("|") == 5


def test_long_text_is_cut() -> None:
    """One cell has a bounded number of characters."""
    assert text("a" * LONGEST_CELL) == "a" * LONGEST_CELL
    assert text("a" * (LONGEST_CELL + 1)) == "a" * LONGEST_CELL + "..."


@pytest.mark.parametrize("reason", ["short", "<" * LONGEST_CELL])
def test_a_long_summary_is_cut(write: Write, reason: str) -> None:
    """A summary of many failures can be taken in at once, and says how much is missing."""
    ids = [f"r{number}" for number in range(344)]
    events = [started(ids), *(judged(one, "failed", ["m::c"], reason=reason) for one in ids)]
    check = finished_check("m::c", "failed", ids)
    made = summary(write([*events, check, finished(1)]))
    assert len(made.encode()) <= LIMIT
    assert made.count("\n") <= MOST_LINES
    last = re.fullmatch(r"(\d+) more lines: see the report", made.splitlines()[-1])
    assert last
    assert made.count("\n") - 2 + int(last[1]) == 344 + 10
