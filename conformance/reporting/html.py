"""The content of report.json as one HTML page, which is readable without network and without scripts.

The templates are in `pages/`, what every page has is in `page`; here are the values that the template of the report uses. What a
card shows is in `card`, how the matrices look in `grid`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from conformance.reporting.card import Card, card, limits
from conformance.reporting.causes import by_cause
from conformance.reporting.chart import chart
from conformance.reporting.events import VERDICTS
from conformance.reporting.grid import grids
from conformance.reporting.page import page
from conformance.reporting.shell import word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SECTIONS = {
    "Violated requirements": {"error", "failed"},
    "Known failures": {"known"},
    "Warnings and inconclusive results": {"inconclusive", "warned"},
}
"""The verdicts that make cards, in the order of the page."""

_SUBJECTS = {"operation": "operations", "key": "keys", "caller": "callers"}


def html(report: Mapping[str, Any]) -> str:
    """Return the page for the content of a report.json."""
    requirements = sorted(report["requirements"], key=lambda r: VERDICTS.index(r["verdict"]))
    groups = {
        title: by_cause(
            [row for row in requirements if row["verdict"] in verdicts], report["exchanges"]
        )
        for title, verdicts in SECTIONS.items()
    }
    most = limits(sum(map(len, groups.values())))
    sections = {
        title: [card(report, main, same_cause, most) for main, same_cause in found]
        for title, found in groups.items()
    }
    cards = [one for found in sections.values() for one in found]
    return page(
        "report.html.j2",
        report=report,
        detail=report["headline"].rpartition(f"{report['status']}: ")[2],
        sections=sections,
        cards=cards,
        card_of=_card_of(cards),
        most=most,
        options=" ".join(map(word, report.get("repetition") or ())),
        areas=_areas(report["requirements"]),
        choices=_choices(report),
        grids=grids(report.get("matrices", ()), _card_of(cards)),
        charts=[chart(row) for row in report.get("traffic", [])],
    )


def _card_of(cards: Sequence[Card]) -> dict[str, str]:
    """Return where the page shows each requirement that has a card."""
    return {row: f"card-{row}" for one in cards for row in one.ids}


def _areas(requirements: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    areas: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for requirement in requirements:
        areas[requirement["area"]].append(requirement)
    return areas


def _choices(report: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what can be chosen in each filter: all that some requirement of the report has."""
    requirements = report["requirements"]
    found = {
        "verdict": [verdict for verdict, number in report["counts"].items() if number],
        "level": list(dict.fromkeys(row["level"] for row in requirements)),
        "area": list(_areas(requirements)),
    }
    for name, subjects in _SUBJECTS.items():
        found[name] = sorted({one for row in requirements for one in row[subjects]})
    return {name: choices for name, choices in found.items() if len(choices) > 1}
