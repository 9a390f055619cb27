"""Renders an event log into a folder: report.json, index.html, junit.xml."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from conformance.reporting.document import report
from conformance.reporting.events import read
from conformance.reporting.html import html
from conformance.reporting.junit import junit

if TYPE_CHECKING:
    from pathlib import Path


def write_reports(log: Path, folder: Path) -> dict[str, Any]:
    """Render `log` into `folder` and return the content of report.json.

    Each file is replaced in one step, so that a reader never sees half of one. An incomplete log is
    rendered too; its headline says so.

    Raises:
        LogError: `log` is no event log.

    """
    run = read(log)
    document = report(run)
    files = {
        "report.json": json.dumps(document, indent=2) + "\n",
        "index.html": html(document),
        "junit.xml": junit(run, document["headline"]),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        _replace(folder / name, text)
    return document


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    # A body may hold half of a surrogate pair, which UTF-8 cannot write.
    temporary.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    temporary.replace(path)
