"""The matrices of a report as tables of a page: a letter and a colour for each verdict, and where a cell leads."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from conformance.reporting.events import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LETTERS = {
    "error": "E",
    "failed": "F",
    "inconclusive": "I",
    "untested": "U",
    "warned": "W",
    "unimplemented": "M",
    "not-applicable": "N",
    "passed": "P",
    "not-run": "·",
}
"""The letter of each outcome in a cell."""

NEEDLESS = "\N{EN DASH}"

_TITLES = {
    "keys": "Keys by rule",
    "callers": "Operations by caller",
    "inputs": "Operations by class of input",
}
_RULES = {"preserve": "preserved", "clear": "cleared", "not-settable": "not settable"}
_PLACES = {
    "inputs-body": "Whole bodies",
    "inputs-key": "Keys of bodies",
    "inputs-query": "Query parameters",
    "inputs-header": "Headers",
    "inputs-time": "Times",
    "inputs-path": "Refs in paths",
    "inputs-caller": "Callers",
    "inputs-entry": "Entries of lists",
}


@dataclass(frozen=True)
class Cell:
    """What a cell shows: nothing, or a letter with the class of its colour, a title, and a link if there is something to read."""

    letter: str = ""
    verdict: str = ""
    title: str = ""
    href: str = ""


@dataclass(frozen=True)
class Table:
    """One table: the models of a matrix of keys are one each."""

    title: str
    columns: list[str]
    rows: list[tuple[str, list[Cell]]]


@dataclass(frozen=True)
class Grid:
    """One matrix: its tables, and how many of its cells have which outcome, worst first."""

    id: str
    title: str
    tables: list[Table]
    counts: dict[str, int]


def grids(matrices: Iterable[Mapping[str, Any]], cards: Mapping[str, str]) -> list[Grid]:
    """Return the matrices in the order of the page; cells lead to a card where there is one, and else to the row of a requirement."""
    by_name: dict[str, list[Mapping[str, Any]]] = {}
    for matrix in matrices:
        by_name.setdefault(matrix["name"].partition("-")[0], []).append(matrix)
    return [
        Grid(
            id=f"matrix-{name}",
            title=title,
            tables=[table for matrix in by_name[name] for table in _tables(matrix, cards)],
            counts=_counts(by_name[name]),
        )
        for name, title in _TITLES.items()
        if name in by_name
    ]


def _tables(matrix: Mapping[str, Any], cards: Mapping[str, str]) -> Iterable[Table]:
    for group, rows in groupby(matrix["rows"], key=lambda row: str(row["group"])):
        shown = [(row["name"], [_cell(cell, cards) for cell in row["cells"]]) for row in rows]
        columns = [_RULES.get(column, column) for column in matrix["columns"]]
        yield Table(_PLACES.get(matrix["name"], group), columns, shown)


def _cell(cell: Mapping[str, Any] | None, cards: Mapping[str, str]) -> Cell:
    if cell is None:
        return Cell()
    if cell["verdict"] is None:
        return Cell(NEEDLESS, "needless", cell["reason"])
    checks = "1 check" if cell["checks"] == 1 else f"{cell['checks']} checks"
    requirement = cell["requirement"]
    return Cell(
        LETTERS[cell["verdict"]],
        cell["verdict"],
        f"{cell['verdict'].replace('-', ' ')}, {checks}",
        f"#{cards.get(requirement, requirement)}" if requirement else "",
    )


def _counts(matrices: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    cells = [cell for matrix in matrices for row in matrix["rows"] for cell in row["cells"]]
    found = [cell["verdict"] for cell in cells if cell]
    return {name: found.count(name) for name in (*OUTCOMES, "not-run") if name in found}
