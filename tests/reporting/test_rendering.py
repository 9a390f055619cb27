"""A folder of reports from one log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from conformance.reporting import LogError, write_reports

from .conftest import every_verdict, started

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[list[dict[str, Any]]], Path]

FILES = ["badge.json", "index.html", "junit.xml", "report.json", "summary.md"]


@pytest.mark.parametrize("events", [every_verdict(), every_verdict()[:-1], [started(["a"])]])
def test_every_file(write: Write, tmp_path: Path, events: list[dict[str, Any]]) -> None:
    """Complete or not, a log gives readable files that agree."""
    folder = tmp_path / "reports" / "reference"
    document = write_reports(write(events), folder)
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert json.loads((folder / "report.json").read_text(encoding="utf-8")) == document
    assert document["headline"] in (folder / "index.html").read_text(encoding="utf-8")
    junit = ET.parse(folder / "junit.xml").getroot()  # noqa: S314 - our own document
    assert junit.find(f".//property[@value='{document['headline']}']") is not None


def test_rendering_twice_gives_the_same(write: Write, tmp_path: Path) -> None:
    """Reports depend on the log alone."""
    log = write(every_verdict())
    for name in ("one", "two"):
        write_reports(log, tmp_path / name)
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_bad_log_leaves_older_reports_alone(write: Write, tmp_path: Path) -> None:
    """A file that is no log is rejected before anything is replaced."""
    folder = tmp_path / "reports"
    write_reports(write(every_verdict()), folder)
    before = (folder / "report.json").read_bytes()
    with pytest.raises(LogError):
        write_reports(write([{"no": "log"}]), folder)
    assert (folder / "report.json").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == FILES
