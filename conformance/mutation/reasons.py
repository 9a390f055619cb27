"""The reasons file: which faults change nothing at a revision, and which requirements no fault violates alone."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("reasons.yaml")


@functools.cache
def read() -> dict[str, list[Any]]:
    """Return the content of the file; its form is in reasons.schema.json."""
    content: dict[str, list[Any]] = yaml.safe_load(FILE.read_text("utf-8"))
    return content


def is_inert(fault: str, revision: str) -> bool:
    """Whether the fault changes nothing at the revision."""
    return any(
        row["fault"] == fault and str(row["revision"]) == revision for row in read()["inert"]
    )


def modules_needed(fault: str) -> list[str] | None:
    """Return the modules of checks that have to run for a fault to be found; an empty list means all modules.

    None means that the checks of the violated requirements find it alone.
    """
    rows = (row for row in read()["needs_other_checks"] if fault in row["faults"])
    return next((row.get("modules", []) for row in rows), None)


def is_sequence(fault: str) -> bool:
    """Whether only a sequence of requests shows the fault."""
    return fault in read()["sequences"]


def fault_of_check() -> dict[str, str]:
    """Return the checks that fail for a fault of other requirements, each with the fault."""
    return {row["check"]: row["fault"] for row in read()["fails_for"]}


def reason_of_gap() -> dict[str, str]:
    """Return the requirements that no fault violates alone, each with the reason."""
    return {name: row["reason"] for row in read()["gaps"] for name in row["requirements"]}


def without_general(violates: tuple[str, ...]) -> tuple[str, ...]:
    """Return the requirements of a fault without the general ones, which many special faults violate, too, unless it has no others."""
    special = tuple(name for name in violates if name not in read()["general"])
    return special or violates
