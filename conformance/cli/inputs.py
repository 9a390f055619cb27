"""`requirements coverage --inputs`: the cells of the table of inputs, and the checks that send each."""

from __future__ import annotations

import collections
import itertools
import json
import sys
from typing import TYPE_CHECKING, Any

from conformance.contract import inputs
from conformance.contract.value_cases import silent
from conformance.run.checks_by_requirement import named_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract

EMPTY = "EMPTY"
SILENT = "the docs of this revision say nothing about it"


def show(contract: Contract, *, as_json: bool) -> int:
    """Print the cells; return 0, or 1 when one has neither a check nor a reason."""
    rows = described(contract)
    if as_json:
        sys.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\n".join(_table(rows)) + "\n")
    empty = [row["cell"] for row in rows if not (row["checks"] or row["reason"])]
    for name in empty:
        sys.stderr.write(f"{EMPTY}: {name}\n")
    return 1 if empty else 0


def described(contract: Contract) -> list[dict[str, Any]]:
    """Return each cell with the checks that send it, or the reason why none does."""
    found: dict[inputs.Cell, list[str]] = collections.defaultdict(list)
    for check, row, _ in named_rows(contract):
        for cell in row.cells if row else ():
            found[cell].append(check)
    return [
        {
            "place": place,
            "cell": cell.name,
            "answer": cell.input_class.answer,
            "checks": list(dict.fromkeys(found[cell])),
            "reason": cell.because or (SILENT if cell in silent(contract) else ""),
        }
        for place in inputs.PLACES
        for cell in inputs.cells(contract, place)
    ]


def _table(rows: list[dict[str, Any]]) -> Iterator[str]:
    for place, cells in itertools.groupby(rows, key=lambda row: str(row["place"])):
        yield place
        for row in cells:
            covered = ", ".join(row["checks"]) or row["reason"] or EMPTY
            yield f"  {row['cell']} ({row['answer']}): {covered}"
    reasons = sum(not row["checks"] and bool(row["reason"]) for row in rows)
    yield f"{len(rows)} cells: {sum(bool(row['checks']) for row in rows)} with checks, {reasons} with a reason"
