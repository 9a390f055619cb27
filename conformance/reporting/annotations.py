"""A run as annotations of a GitHub job: workflow commands, one line each, for what fails the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.printable import visible
from conformance.reporting.markdown import worst_first

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 1000  # characters of a message before it is escaped
_FAILING = ("error", "failed")
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = _DATA | {":": "%3A", ",": "%2C"}


def commands(report: Mapping[str, Any]) -> list[str]:
    """Return a line for each requirement that failed, and for each known failure that is fixed or expired."""
    failed = [row for row in worst_first(report) if row["verdict"] in _FAILING]
    lines = [
        annotation(
            f"{row['id']} ({row['level']})",
            f"{row['text']} {row['reason']} ({row['url']})",
        )
        for row in failed
    ]
    return lines + [
        annotation(f"known failure {row['requirement']}", row["message"])
        for row in report["outdated"]
    ]


def annotation(title: str, message: str) -> str:
    """Return the workflow command for an error."""
    text = visible(message)
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
    return f"::error title={_escaped(visible(title), _PROPERTY)}::{_escaped(text, _DATA)}"


def _escaped(text: str, escapes: Mapping[str, str]) -> str:
    return "".join(escapes.get(character, character) for character in text)
