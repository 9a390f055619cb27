"""Reports as other commands read them: a report.json, an events.jsonl, or a folder with one of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.reporting.document import report
from conformance.reporting.event_log import FILE, LogError, read
from conformance.reporting.events import VERDICTS

if TYPE_CHECKING:
    from pathlib import Path

REPORT = "report.json"
_FORMAT = 2
_DOCS = "https://"  # no page may have a link that runs a script
_TEXTS = ("revision", "started", "status", "headline")
_TEXTS_OF_TARGET, _TEXTS_OF_SUITE = ("name", "base_url"), ("name", "version")
_TEXTS_OF_ROWS = ("id", "text", "level", "area", "page", "section", "url", "verdict", "reason")
STATUSES = ("conformant", "not conformant", "incomplete", "interrupted", "suite error")


def document_at(path: Path) -> dict[str, Any]:
    """Return the content of a report.json, read or made from its log.

    Raises:
        LogError: there is none, or of another format; the text is one line.

    """
    if path.is_dir():
        found = next((path / name for name in (REPORT, FILE) if (path / name).is_file()), None)
        if found is None:
            message = f"{path}: neither {REPORT} nor {FILE} is in this folder"
            raise LogError(message)
        path = found
    return _document(path) if path.suffix == ".json" else report(read(path))


def _document(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8", errors="replace"))
    except OSError as problem:
        message = f"{path}: {problem.strerror}"
        raise LogError(message) from problem
    except (ValueError, RecursionError) as problem:
        message = f"{path}: not JSON"
        raise LogError(message) from problem
    if not _is_report(content):
        message = f"{path}: not a report of format {_FORMAT}"
        raise LogError(message)
    found: dict[str, Any] = content
    return found


def _is_report(content: object) -> bool:
    """Whether it is a report of our format, as far as it is read by those who compare reports."""
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        return False
    parts = [(content, _TEXTS), (content.get("target"), _TEXTS_OF_TARGET)]
    parts += [(content.get("suite"), _TEXTS_OF_SUITE)]
    rows = content.get("requirements")
    if not isinstance(rows, list) or not isinstance(content.get("counts"), dict):
        return False
    parts += [(row, _TEXTS_OF_ROWS) for row in rows]
    return (
        all(_has_texts(part, names) for part, names in parts)
        and content["status"] in STATUSES
        and all(row["verdict"] in VERDICTS and row["url"].startswith(_DOCS) for row in rows)
    )


def _has_texts(part: object, names: tuple[str, ...]) -> bool:
    return isinstance(part, dict) and all(isinstance(part.get(name), str) for name in names)
