"""A run as badge.json, from which https://shields.io draws a badge (its schema for endpoints, version 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_COLORS = {
    "conformant": "brightgreen",
    "not conformant": "red",
    "suite error": "purple",
    "incomplete": "yellow",
    "interrupted": "yellow",
}


def badge(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of badge.json for the content of a report.json."""
    status, known = report["status"], report["counts"]["known"]
    failures = f", {known} known failure{'s' if known != 1 else ''}" if known else ""
    expected = status == "conformant" and known
    return {
        "schemaVersion": 1,
        "label": f"PluralKit API v2, {report['revision']}",
        "message": f"{'partial: ' if report['partial'] else ''}{status}{failures}",
        "color": "green" if expected else _COLORS[status],
    }
