"""An index of published runs as static pages: one of all, one for each implementation, one for each requirement.

They are read offline and without scripts; the report pages of the runs are copied beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reporting.event_log import LogError
from conformance.reporting.events import VERDICTS
from conformance.reporting.files import replace
from conformance.reporting.implementations import (
    History,
    PublishedRun,
    histories,
    slugs_of,
    worst,
)
from conformance.reporting.page import page
from conformance.reporting.published import REPORT, document_at
from conformance.reporting.weight import weight

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PAGE = "index.html"
VIOLATED = ("error", "failed", "known", "warned")


def published(folder: Path) -> tuple[list[PublishedRun], list[str]]:
    """Return the whole runs whose report.json lies anywhere in a folder, and a line for each that is left out."""
    runs, left_out = [], []
    for path in sorted(folder.rglob(REPORT)):
        try:
            document = document_at(path)
        except LogError as problem:
            left_out.append(str(problem))
            continue
        if document.get("partial"):
            left_out.append(f"{path}: of a part of the checks")
            continue
        if document.get("subject") == "client":
            left_out.append(f"{path}: of a client, and no server")
            continue
        made = path.with_name(PAGE)
        runs.append(PublishedRun(document, made if made.is_file() else None))
    return runs, left_out


def build(runs: Iterable[PublishedRun], into: Path) -> int:
    """Write the pages; return how many there are."""
    found = histories(runs)
    rows = _requirements(found)
    slugs = slugs_of(rows)
    pages = {PAGE: _index(found), "requirements.html": _overview(found, rows, slugs)}
    for slug in dict.fromkeys(one.slug for one in found):
        own = [one for one in found if one.slug == slug]
        pages[f"implementations/{slug}.html"] = _implementation(own, slugs)
    for name, row in rows.items():
        pages[f"requirements/{slugs[name]}.html"] = _requirement(found, row)
    for history in found:
        for number, run in enumerate(history.runs):
            if run.page is not None:
                text = run.page.read_text("utf-8", "replace")
                pages[f"reports/{report_of(history, number)}"] = text
    for name, text in pages.items():
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        replace(into / name, text)
    return len(pages)


def report_of(history: History, number: int = -1) -> str:
    """Return the name of the copy of a run's page; empty if there is none."""
    number = number % len(history.runs)
    has_page = history.runs[number].page is not None
    return f"{history.slug}-{history.revision}-{number + 1}.html" if has_page else ""


def _requirements(found: Iterable[History]) -> dict[str, dict[str, Any]]:
    """Return the requirements of all runs as the first of them has them, by area."""
    rows: dict[str, dict[str, Any]] = {}
    for history in found:
        for row in history.latest.document["requirements"]:
            rows.setdefault(row["id"], row)
    areas = list(dict.fromkeys(row["area"] for row in rows.values()))
    return dict(sorted(rows.items(), key=lambda item: areas.index(item[1]["area"])))


def _index(found: list[History]) -> str:
    by_revision: dict[str, list[History]] = {}
    for one in sorted(found, key=lambda history: history.revision, reverse=True):
        by_revision.setdefault(one.revision, []).append(one)
    return page(
        "site_index.html.j2",
        histories=found,
        by_revision={revision: (some, _areas(some)) for revision, some in by_revision.items()},
        report_of=report_of,
        total=sum(len(one.runs) for one in found),
    )


def _areas(some: list[History]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return a row for each area with a cell for each implementation."""
    columns = [one.areas() for one in some]
    names = list(dict.fromkeys(name for column in columns for name in column))
    return [(name, [_cell(column.get(name, {})) for column in columns]) for name in names]


def _cell(counts: dict[str, int]) -> dict[str, Any]:
    total = sum(counts.values())
    return {"verdict": worst(counts), "kept": counts.get("passed", 0), "total": total}


def _overview(found: list[History], rows: dict[str, dict[str, Any]], slugs: dict[str, str]) -> str:
    verdicts = [one.verdicts for one in found]
    areas: dict[str, list[Any]] = {}
    for name, row in rows.items():
        areas.setdefault(row["area"], []).append(
            (row, slugs[name], [one.get(name) for one in verdicts])
        )
    return page("site_requirements.html.j2", histories=found, areas=areas, number=len(rows))


def _implementation(own: list[History], slugs: dict[str, str]) -> str:
    violated = {
        one.revision: sorted(
            (row for row in one.latest.document["requirements"] if row["verdict"] in VIOLATED),
            key=lambda row: (VERDICTS.index(row["verdict"]), weight(row)),
        )
        for one in own
    }
    return page(
        "site_implementation.html.j2",
        name=own[0].name,
        histories=own,
        violated=violated,
        slugs=slugs,
        report_of=report_of,
    )


def _requirement(found: list[History], row: dict[str, Any]) -> str:
    judged = []
    for one in found:
        rows = one.latest.document["requirements"]
        own = next((other for other in rows if other["id"] == row["id"]), None)
        judged.append((one, own))
    return page(
        "site_requirement.html.j2", row=row, judged=judged, report_of=report_of, worst=worst
    )
