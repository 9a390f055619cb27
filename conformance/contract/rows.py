"""Rows of the tables from which checks are made."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.contract.inputs import Cell


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
