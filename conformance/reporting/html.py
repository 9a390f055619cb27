"""The content of report.json as one HTML page, which is readable without network and without scripts.

The page is `report.html.j2`; here are the values and filters that the template uses.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from conformance.reporting.causes import by_cause
from conformance.reporting.chart import chart
from conformance.reporting.curl import curl
from conformance.reporting.events import OUTCOMES, VERDICTS
from conformance.reporting.plain import plain

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from jinja2 import Template

LONGEST_BODY = 20_000  # characters of a body that the page shows; report.json has all
LAST_SHOWN = 3  # requests before the judged one that are shown in full; the curl lines have all

_VIOLATED = {"error", "failed"}
_KNOWN = {"known"}
_WARNED = {"inconclusive", "warned"}
_MINUTE = 60  # seconds
_SYMBOLS = {
    "error": "‼",
    "failed": "✕",
    "known": "⚑",
    "inconclusive": "?",
    "untested": "○",
    "warned": "!",
    "unimplemented": "…",
    "not-applicable": "\N{EN DASH}",
    "passed": "✓",
    "conformant": "✓",
    "not conformant": "✕",
    "suite error": "‼",
    "incomplete": "○",
    "interrupted": "◼",
}


def html(report: Mapping[str, Any]) -> str:
    """Return the page for the content of a report.json."""
    requirements = sorted(report["requirements"], key=lambda r: VERDICTS.index(r["verdict"]))
    return template().render(
        report=report,
        detail=report["headline"].rpartition(f"{report['status']}: ")[2],
        violated=_cards(report, requirements, _VIOLATED),
        known=_cards(report, requirements, _KNOWN),
        warned=_cards(report, requirements, _WARNED),
        with_card=_VIOLATED | _KNOWN | _WARNED,
        areas=_areas(report["requirements"]),
        charts=[chart(row) for row in report.get("traffic", [])],
    )


@cache
def template() -> Template:
    """Return the template of the report, compiled once in a process."""
    environment = Environment(
        loader=PackageLoader("conformance.reporting", "."),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_plain,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"symbols": _SYMBOLS, "last_shown": LAST_SHOWN}
    environment.filters |= {
        "body": _body,
        "curl": curl,
        "duration": _duration,
        "moment": _moment,
        "not_passed": _not_passed,
    }
    return environment.get_template("report.html.j2")


def _plain(value: Any) -> Any:
    """Return a value as it is put on the page; what the template made itself stays."""
    return plain(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


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


def _not_passed(checks: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the checks that did not pass, worst first."""
    found = (check for check in checks if check["outcome"] != "passed")
    return sorted(found, key=lambda check: OUTCOMES.index(check["outcome"]))


def _body(text: str) -> str:
    """Return a body as the page shows it: JSON indented, anything else as it was received, both cut when long."""
    with suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    if len(text) <= LONGEST_BODY:
        return text
    return f"{text[:LONGEST_BODY]}\n… cut here; report.json has all {len(text):,} characters"


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "unknown"
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // _MINUTE} min {int(seconds) % _MINUTE} s"


def _moment(text: str) -> str:
    """Return an ISO 8601 time as the page shows it, or the text itself when it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{moment.day} {moment:%B %Y, %H:%M %Z}".strip()
