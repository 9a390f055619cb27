"""Renders an event log into a folder: report.json, index.html, junit.xml, summary.md, badge.json, and exchanges.har if asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reporting.document import report
from conformance.reporting.event_log import read
from conformance.reporting.files import replace
from conformance.reporting.formats import FORMATS, OF_EVERY_RUN
from conformance.reporting.junit import junit_of_failed_preflight

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from conformance.reporting.events import RunStarted


def write_reports(
    log: Path, folder: Path, formats: Collection[str] = OF_EVERY_RUN
) -> dict[str, Any]:
    """Render `log` into `folder` and return the content of report.json.

    Each file is replaced in one step, so that nobody reads half of one. An incomplete log is rendered, too; its headline says so.

    Raises:
        LogError: `log` is no event log.

    """
    run = read(log)
    document = report(run)
    texts = {FORMATS[name].file: FORMATS[name].render(run, document) for name in formats}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        replace(folder / name, text)
    return document


def text_of(log: Path, name: str) -> str:
    """Return what a log is in one format.

    Raises:
        LogError: `log` is no event log.

    """
    run = read(log)
    return FORMATS[name].render(run, report(run))


def report_failed_preflight(started: RunStarted, message: str, folder: Path) -> None:
    """Write junit.xml alone: a CI server shows why nothing ran, and reports of earlier runs stay."""
    folder.mkdir(parents=True, exist_ok=True)
    replace(folder / "junit.xml", junit_of_failed_preflight(started, message))
