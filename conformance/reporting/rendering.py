"""Renders an event log into a folder: report.json, index.html, junit.xml, summary.md, badge.json."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from conformance.reporting.badge import badge
from conformance.reporting.document import report
from conformance.reporting.event_log import read
from conformance.reporting.html import html
from conformance.reporting.junit import junit, junit_of_failed_preflight
from conformance.reporting.markdown import markdown

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.reporting.events import RunStarted


def write_reports(log: Path, folder: Path) -> dict[str, Any]:
    """Render `log` into `folder` and return the content of report.json.

    Each file is replaced in one step, so that nobody reads half of one. An incomplete log is rendered, too; its headline says so.

    Raises:
        LogError: `log` is no event log.

    """
    run = read(log)
    document = report(run)
    files = {
        "report.json": _json(document),
        "index.html": html(document),
        "junit.xml": junit(run, document["headline"], document["stopped"]),
        "summary.md": markdown(document),
        "badge.json": _json(badge(document)),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        _replace(folder / name, text)
    return document


def report_failed_preflight(started: RunStarted, message: str, folder: Path) -> None:
    """Write junit.xml alone: a CI server shows why nothing ran, and reports of earlier runs stay."""
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / "junit.xml", junit_of_failed_preflight(started, message))


def _json(document: dict[str, Any]) -> str:
    """Return a line for each item of each list: quicker to write than a line for each value, and still good to compare."""
    parts = []
    for key, value in document.items():
        rows = isinstance(value, list) and value
        text = ",\n  ".join(map(json.dumps, value)) if rows else json.dumps(value)
        parts.append(f"{json.dumps(key)}: [\n  {text}\n]" if rows else f"{json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    # A body may hold half of a surrogate pair, which UTF-8 cannot write.
    temporary.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    temporary.replace(path)
