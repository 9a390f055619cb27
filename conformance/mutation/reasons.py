"""The reasons file: which faults are inert at a revision, and which requirements no fault violates alone."""

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


def crowd_of(fault: str) -> list[str] | None:
    """Return the modules of checks among which a fault shows that needs much else; an empty list is for all of them.

    None is for a fault that the checks of its requirements show alone.
    """
    rows = (row for row in read()["crowded"] if fault in row["faults"])
    return next((row.get("modules", []) for row in rows), None)


def is_sequence(fault: str) -> bool:
    """Whether the fault shows only after a sequence of requests."""
    return fault in read()["sequences"]


def shown_by() -> dict[str, str]:
    """Return the checks whose fault their own requirements do not tell, each with the fault."""
    return {row["check"]: row["fault"] for row in read()["shown"]}


def excused() -> dict[str, str]:
    """Return the requirements that no fault violates alone, each with the reason."""
    return {name: row["reason"] for row in read()["gaps"] for name in row["requirements"]}


def without_general(violates: tuple[str, ...]) -> tuple[str, ...]:
    """Return the requirements of a fault without those that any special one violates besides, unless there are no others."""
    special = tuple(name for name in violates if name not in read()["general"])
    return special or violates
