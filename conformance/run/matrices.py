"""Which checks test what, for the log: keys by rule, and operations by class of input, a matrix for each kind of place.

A report shows these matrices with the outcomes of the checks; how the cells are found is in `key_coverage` and `contract.inputs`.
"""

from __future__ import annotations

import collections
import itertools
from typing import TYPE_CHECKING, Any

from conformance.contract import inputs
from conformance.run.checks_by_requirement import case, named_rows
from conformance.run.key_coverage import COLUMNS, matrix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract


def matrices(contract: Contract) -> Iterator[dict[str, Any]]:
    """Yield what the log says of each matrix; classes of input that the docs of the revision do not have make none."""
    yield _keys(contract)
    checks: dict[inputs.Cell, list[str]] = collections.defaultdict(list)
    for check, row, _ in named_rows(contract):
        for cell in row.cells if row else ():
            checks[cell].append(case(check, row))
    for place in inputs.PLACES:
        if cells := inputs.cells(contract, place):
            yield _inputs(place, cells, checks)


def _keys(contract: Contract) -> dict[str, Any]:
    rows = []
    for (model, key), entries in itertools.groupby(
        matrix(contract), key=lambda entry: (entry.model, entry.key)
    ):
        cells = [{"checks": list(entry.cases), "reason": entry.reason} for entry in entries]
        rows.append({"group": model, "name": key, "cells": cells})
    return {"name": "keys", "columns": list(COLUMNS), "rows": rows}


def _inputs(
    place: str, cells: tuple[inputs.Cell, ...], checks: dict[inputs.Cell, list[str]]
) -> dict[str, Any]:
    """Return the matrix of one kind of place; a cell has the checks of all keys or parameters of the operation."""
    columns = list(dict.fromkeys(cell.input_class.id for cell in cells))
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    for cell in cells:
        row = rows.setdefault(cell.operation.id, {})
        found = row.setdefault(cell.input_class.id, {"checks": [], "reason": ""})
        found["checks"] += [name for name in checks[cell] if name not in found["checks"]]
        found["reason"] = found["reason"] or cell.because
    for one in (one for row in rows.values() for one in row.values()):
        one["reason"] = "" if one["checks"] else one["reason"] or "the docs say nothing about it"
    empty = {"checks": [], "reason": ""}
    return {
        "name": f"inputs-{place}",
        "columns": columns,
        "rows": [
            {"group": "", "name": name, "cells": [row.get(column, empty) for column in columns]}
            for name, row in rows.items()
        ],
    }
