"""badge.json: what it says, by the status of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.reporting import read
from conformance.reporting.badge import badge
from conformance.reporting.document import report

from .conftest import finished, finished_check, judged, started

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[list[dict[str, Any]]], Path]


@pytest.mark.parametrize(
    ("verdicts", "footer", "message", "color"),
    [
        (["passed"], finished(), "conformant", "brightgreen"),
        (["passed", "known"], finished(), "conformant, 1 known failure", "green"),
        (["known", "known"], finished(partial=True), "partial: conformant, 2 known failures", None),
        (["failed", "known"], finished(1), "not conformant, 1 known failure", "red"),
        (["error"], finished(3), "suite error", "purple"),
        (["untested"], finished(5), "incomplete", "yellow"),
        (["passed"], finished(2, interrupted=True), "interrupted", "yellow"),
        (["passed"], None, "incomplete", "yellow"),
    ],
)
def test_badge(
    write: Write,
    verdicts: list[str],
    footer: dict[str, Any] | None,
    message: str,
    color: str | None,
) -> None:
    """The badge says how the run ended and how many failures were expected; shields.io takes exactly these keys."""
    ids = [f"r{number}" for number in range(len(verdicts))]
    events = [started(ids), finished_check("m::c", "passed", ids)]
    events += [judged(one, verdict, ["m::c"]) for one, verdict in zip(ids, verdicts, strict=True)]
    made = badge(report(read(write(events + ([footer] if footer else [])))))
    assert made == {
        "schemaVersion": 1,
        "label": "PluralKit API v2, 2025-08",
        "message": message,
        "color": color or "green",
    }
