"""Cells have the worst outcome of their checks, and requirements the subjects of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reporting import read
from conformance.reporting.document import report
from conformance.reporting.grid import NEEDLESS, grids

from .conftest import exchange, finished, finished_check, judged, started

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Write = Callable[[list[dict[str, Any]]], Path]


def _run() -> list[dict[str, Any]]:
    """Return a run with a key that is tested, one that is not, and one of whose checks a failure is about another key."""
    names = {"a": "m::c[color-getMember-other]", "b": "m::d", "c": "m::gone"}
    header = started(["a", "b"])
    header["requirements"][0] |= {"keys": ["Member.color"], "operations": ["getSystem"]}
    row = [["a", "b"], ["c"], []]
    cells = [{"checks": [names[one] for one in some], "reason": ""} for some in row]
    needless = {"checks": [], "reason": "not nullable"}
    matrix = {
        "event": "matrix",
        "name": "keys",
        "columns": ["null", "clear", "limit"],
        "rows": [
            {"group": "Member", "name": "color", "cells": cells},
            {"group": "Member", "name": "tag", "cells": [cells[0], needless, needless]},
        ],
    }
    return [
        header,
        exchange("e1", caller="anonymous", method="GET", operation="getMember"),
        exchange("e2"),
        finished_check(names["a"], "failed", ["a"], exchanges=["e1"], evidence="e1"),
        finished_check(names["b"], "passed", ["b"], exchanges=["e2"]),
        judged("a", "failed", [names["a"]]),
        judged("b", "passed", [names["b"]]),
        matrix,
        finished(1),
    ]


def test_cells(write: Write) -> None:
    """A failure counts in the cells of its own keys; without any check that ran a cell says so."""
    callers, keys = report(read(write(_run())))["matrices"]
    failed = {"verdict": "failed", "checks": 2, "requirement": "a", "reason": ""}
    unrun = {"verdict": "not-run", "checks": 0, "requirement": None, "reason": ""}
    assert keys["rows"][0]["cells"] == [failed, unrun, None]
    passed, needless, _ = keys["rows"][1]["cells"]
    assert passed == {"verdict": "passed", "checks": 1, "requirement": "b", "reason": ""}
    assert needless["reason"] == "not nullable"
    assert callers["columns"] == ["owner", "other", "anonymous"]
    verdicts = {
        row["name"]: [cell and cell["verdict"] for cell in row["cells"]] for row in callers["rows"]
    }
    assert verdicts == {
        "getMember": [None, None, "failed"],
        "updateMember": ["passed", None, None],
    }


def test_subjects(write: Write) -> None:
    """Operations, callers and keys come from the catalogue, the names of checks and what was judged."""
    first, second = report(read(write(_run())))["requirements"]
    assert first["operations"] == ["getMember", "getSystem"]
    assert first["callers"] == ["other", "anonymous"]
    assert first["keys"] == ["Member.color", "Member.tag"]
    assert (second["operations"], second["callers"]) == (["updateMember"], ["owner"])


def test_grids(write: Write) -> None:
    """A model is a table of its own; a cell has a letter, and a link where there is something to read."""
    keys, _ = grids(report(read(write(_run())))["matrices"], {"a": "card-a"})
    [table] = keys.tables
    cells = dict(table.rows)
    assert [(cell.letter, cell.href) for cell in cells["color"]] == [
        ("F", "#card-a"),
        ("·", ""),
        ("", ""),
    ]
    assert [cell.letter for cell in cells["tag"]] == ["P", NEEDLESS, NEEDLESS]
    assert keys.counts == {"failed": 1, "passed": 1, "not-run": 1}
