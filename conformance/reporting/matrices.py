"""The matrices of a report: keys by rule, operations by caller, operations by class of input, each cell with its verdict.

Which checks belong to a cell is in the log (`matrix`); for the callers it follows from what was sent. A cell has the worst outcome
of its checks, and the requirement to read about it: one that such a check refutes, or tests.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from conformance.reporting.events import OUTCOMES
from conformance.reporting.subjects import CALLERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.reporting.event_log import Run
    from conformance.reporting.events import CheckFinished, MatrixCell

KEYS = "keys"
NOT_RUN = "not-run"
"""What a cell has in place of a verdict when none of its checks ran."""


def matrices(run: Run) -> list[dict[str, Any]]:
    """Return the matrices, each with its columns and rows."""
    return [*map(dict, _by_caller(run)), *(_matrix(run, name) for name in run.matrices)]


def _matrix(run: Run, name: str) -> dict[str, Any]:
    matrix, keys = run.matrices[name], _keys(run) if name == KEYS else {}
    return {
        "name": name,
        "columns": matrix["columns"],
        "rows": [
            {
                "group": row["group"],
                "name": row["name"],
                "cells": [
                    _cell(cell, run.checks, f"{row['group']}.{row['name']}", keys)
                    for cell in row["cells"]
                ],
            }
            for row in matrix["rows"]
        ],
    }


def _keys(run: Run) -> dict[str, list[str]]:
    """Return the keys that each requirement is about."""
    return {row["id"]: row.get("keys", []) for row in run.started["requirements"]}


def _cell(
    cell: MatrixCell,
    checks: Mapping[str, CheckFinished],
    key: str,
    keys: Mapping[str, list[str]],
) -> dict[str, Any] | None:
    """Return the cell, or None where nothing belongs; a failure about other keys alone is none of this one."""
    if not (cell["checks"] or cell["reason"]):
        return None
    if not cell["checks"]:
        return {"verdict": None, "checks": 0, "requirement": None, "reason": cell["reason"]}
    found = [checks[name] for name in cell["checks"] if name in checks]
    return _judged([check for check in found if not _is_of_others(check, key, keys)])


def _is_of_others(check: CheckFinished, key: str, keys: Mapping[str, list[str]]) -> bool:
    if check["outcome"] == "passed":
        return False
    about = {one for requirement in check["requirements"] for one in keys.get(requirement, ())}
    return bool(about) and key not in about


def _judged(found: list[CheckFinished]) -> dict[str, Any]:
    if not found:
        return {"verdict": NOT_RUN, "checks": 0, "requirement": None, "reason": ""}
    worst = min(found, key=lambda check: OUTCOMES.index(check["outcome"]))
    return {
        "verdict": worst["outcome"],
        "checks": len(found),
        "requirement": next(iter(worst["requirements"]), None),
        "reason": "",
    }


def _by_caller(run: Run) -> Iterable[dict[str, Any]]:
    """Yield the matrix of operations by caller: what was judged by a request that the caller sent, and what was sent without complaint."""
    judged: dict[tuple[str, str], list[CheckFinished]] = defaultdict(list)
    for check in run.checks.values():
        for one in {check["evidence"]} if check["evidence"] else set(check["exchanges"][-1:]):
            if one in run.exchanges:
                exchange = run.exchanges[one]
                judged[exchange["operation"], exchange["caller"]].append(check)
    operations = dict.fromkeys(exchange["operation"] for exchange in run.exchanges.values())
    rows = [
        {
            "group": "",
            "name": operation,
            "cells": [
                _judged(judged[operation, caller]) if judged[operation, caller] else None
                for caller in CALLERS
            ],
        }
        for operation in sorted(operations)
    ]
    if rows:
        yield {"name": "callers", "columns": list(CALLERS), "rows": rows}
