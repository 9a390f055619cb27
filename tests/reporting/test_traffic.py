"""Requests over time: the numbers in the report, and the chart on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from conformance.reporting.chart import chart
from conformance.reporting.document import report
from conformance.reporting.event_log import read
from conformance.reporting.html import html
from tests.reporting.conftest import exchange, finished, started

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

BEGAN = 1_700_000_000.0
URL = "http://127.0.0.1:8000/v2/systems/@me"
ELSEWHERE = "http://127.0.0.1:8001/v2/systems/@me"


def sent(number: int, after: float, **changes: object) -> dict[str, Any]:
    """Return a GET that was sent so many seconds after the first."""
    known = {"scope": "generic_get", "sent": BEGAN + after, "url": URL}
    return exchange(f"e{number}", **(known | changes))


def rows(write: Callable[..., Path], *events: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the traffic of a run with these exchanges."""
    log = write([started([], rates={"generic_get": 10}), *events, finished()])
    traffic: list[dict[str, Any]] = report(read(log))["traffic"]
    return traffic


def test_requests_are_counted_by_second_and_scope(write: Callable[..., Path]) -> None:
    """Each scope has a row, the instance for rate limits too; 429s are counted apart."""
    first, limited = rows(
        write,
        sent(1, 0.0),
        sent(2, 0.5, status=429),
        sent(3, 2.1),
        sent(4, 0.2, url=ELSEWHERE, status=429),
    )
    assert first == {
        "scope": "generic_get",
        "elsewhere": False,
        "limit": 10,
        "step": 1,
        "sent": [2, 0, 1],
        "throttled": [1, 0, 0],
    }
    assert (limited["elsewhere"], limited["sent"]) == (True, [1, 0, 0])
    assert limited["throttled"] == [1, 0, 0]


def test_long_runs_have_longer_steps(write: Callable[..., Path]) -> None:
    """An hour does not make thousands of numbers."""
    [row] = rows(write, sent(1, 0.0), sent(2, 3600.0))
    assert row["step"] == 7
    assert len(row["sent"]) <= 600
    assert sum(row["sent"]) == 2


def test_no_chart_without_times(write: Callable[..., Path]) -> None:
    """When the log has no times of requests, the page leaves the section out."""
    log = write([started([]), exchange("e1"), finished()])
    document = report(read(log))
    assert document["traffic"] == []
    assert "Requests over time" not in html(document)


def test_chart_shows_limit_and_throttled(write: Callable[..., Path]) -> None:
    """The chart is well-formed, with a bar a second, the limit as a line, and the throttled requests."""
    log = write(
        [started([], rates={"generic_get": 10}), sent(1, 0), sent(2, 1, status=429), finished()]
    )
    document = report(read(log))
    root = ET.fromstring(str(chart(document["traffic"][0])))  # noqa: S314 - our own
    kinds = [element.get("class") for element in root.iter() if element.tag in ("rect", "line")]
    assert sorted(filter(None, kinds)) == ["limit", "sent", "sent", "throttled"]
    assert "documented limit 10 a second; 1 throttled" in html(document)
