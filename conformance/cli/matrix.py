"""`requirements coverage --matrix`: the checks of each key of each model."""

from __future__ import annotations

import itertools
import json
import sys
from typing import TYPE_CHECKING

from conformance.run.key_coverage import COLUMNS, Entry, matrix

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract

OPEN = "OPEN"
WIDTH = 24


def show(contract: Contract, *, as_json: bool) -> int:
    """Print the matrix; return 0, or 1 when a cell has neither a check nor a reason."""
    entries = matrix(contract)
    if as_json:
        names = ("model", "key", "column", "checks", "reason")
        cells = [{name: getattr(entry, name) for name in names} for entry in entries]
        sys.stdout.write(json.dumps(cells, indent=2) + "\n")
    else:
        sys.stdout.write("\n".join(_table(entries)) + "\n")
    open_cells = [entry for entry in entries if entry.is_open]
    for entry in open_cells:
        sys.stderr.write(f"{OPEN}: {entry.model}.{entry.key}, {entry.column}\n")
    return 1 if open_cells else 0


def _table(entries: list[Entry]) -> Iterator[str]:
    reasons: dict[str, str] = {}
    for model, cells in itertools.groupby(entries, key=lambda entry: entry.model):
        yield f"{model:<{WIDTH + 4}}" + "".join(f"{column:>14}" for column in COLUMNS)
        for key, row in itertools.groupby(cells, key=lambda entry: entry.key):
            yield f"  {key:<{WIDTH + 2}}" + "".join(f"{_cell(one, reasons):>14}" for one in row)
    yield ""
    yield "numbers count the checks; letters are reasons why none is needed:"
    yield from (f"  {letter}  {reason}" for reason, letter in reasons.items())
    covered = sum(bool(entry.checks) for entry in entries)
    yield f"{len(entries)} cells: {covered} with checks, {sum(bool(entry.reason) for entry in entries)} with a reason"


def _cell(entry: Entry, reasons: dict[str, str]) -> str:
    if entry.is_open:
        return OPEN
    if entry.checks:
        return str(len(entry.checks))
    return reasons.setdefault(entry.reason, chr(ord("a") + len(reasons)))
