"""Rows of the tables from which checks are made."""

from __future__ import annotations

import dataclasses
from typing import Any


@dataclasses.dataclass(frozen=True)
class Row:
    """One row of a table: what the check gets, its name in reports, and the requirements that this row adds.

    `about` is the model and the key that the row is about, where its value does not show them.
    """

    value: Any
    id: str
    requirements: tuple[str, ...] = ()
    about: tuple[str, str] | None = None
