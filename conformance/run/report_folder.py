"""The folder of the reports of a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

PARTIAL = "partial"  # begins the headline of a narrowed run, and names its folder beside the reports of a whole one
NARROWING = ("keyword", "markexpr", "requirement", "file_or_dir")  # options


def report_folder(options: Mapping[str, Any], name: str, revision: str) -> Path:
    """Return where the reports go: those of a run that is narrowed do not replace those of one that was not."""
    folder = Path(options["report_folder"]) / name / revision
    narrowed = any(options.get(option) for option in NARROWING)
    return folder / PARTIAL if narrowed and _has_whole_report(folder) else folder


def _has_whole_report(folder: Path) -> bool:
    try:
        report = json.loads((folder / "report.json").read_text("utf-8"))
        return not str(report["headline"]).startswith(PARTIAL)
    except (OSError, ValueError, TypeError, KeyError):
        return False
