"""Rows of the tables from which checks are made."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conformance.contract.inputs import Cell
    from conformance.contract.loading import Contract


@dataclasses.dataclass(frozen=True)
class Row:
    """One row of a table: what the check gets, its name in reports, and the requirements that this row adds.

    `about` is the model and the key that the row is about, where its value does not show them, `cells` the cells of the table
    of inputs that the check sends.
    """

    value: Any
    id: str
    requirements: tuple[str, ...] = ()
    about: tuple[str, str] | None = None
    cells: tuple[Cell, ...] = ()


def table_of(
    values: Iterable[Any], name: Callable[[Any], str] = str
) -> Callable[[Contract], Iterator[Row]]:
    """Return a table with a row for each value, whatever the revision; `name` makes its name in reports."""
    return lambda _: (Row(value, name(value)) for value in values)


def bare(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows without the requirements that they add."""
    return (Row(row.value, row.id) for row in rows)
