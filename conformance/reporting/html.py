"""The content of report.json as one HTML page, which is readable without network and without scripts.

The templates are in `pages/`, what every page has is in `page`; here are the values that the template of the report uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reporting.causes import by_cause
from conformance.reporting.chart import chart
from conformance.reporting.events import VERDICTS
from conformance.reporting.page import page

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

LAST_SHOWN = 3  # requests before the judged one that are shown in full; the curl lines have all

_VIOLATED = {"error", "failed"}
_KNOWN = {"known"}
_WARNED = {"inconclusive", "warned"}


def html(report: Mapping[str, Any]) -> str:
    """Return the page for the content of a report.json."""
    requirements = sorted(report["requirements"], key=lambda r: VERDICTS.index(r["verdict"]))
    return page(
        "report.html.j2",
        report=report,
        last_shown=LAST_SHOWN,
        detail=report["headline"].rpartition(f"{report['status']}: ")[2],
        violated=_cards(report, requirements, _VIOLATED),
        known=_cards(report, requirements, _KNOWN),
        warned=_cards(report, requirements, _WARNED),
        with_card=_VIOLATED | _KNOWN | _WARNED,
        areas=_areas(report["requirements"]),
        charts=[chart(row) for row in report.get("traffic", [])],
    )


def _cards(
    report: Mapping[str, Any], requirements: Iterable[dict[str, Any]], verdicts: Container[str]
) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Return a card for each cause: its main requirement, and the others with the same cause."""
    rows = [row for row in requirements if row["verdict"] in verdicts]
    return by_cause(rows, report["exchanges"])


def _areas(requirements: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    areas: dict[str, list[dict[str, Any]]] = {}
    for requirement in requirements:
        areas.setdefault(requirement["area"], []).append(requirement)
    return areas
