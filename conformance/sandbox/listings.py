"""What the commands list instead of serving: faults, known deviations, allowed variations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.upstream import DEVIATIONS
from conformance.reference.variations import VARIATIONS

if TYPE_CHECKING:
    import argparse


def listing(options: argparse.Namespace) -> list[str] | None:
    """Return the lines that the options ask for, or None when they ask for no list."""
    return next((lines() for name, lines in _LISTINGS.items() if getattr(options, name)), None)


def _fault_lines() -> list[str]:
    from conformance.reference.faults import FAULTS  # noqa: PLC0415 slow to load, and seldom needed

    return [
        f"{fault.name}: {fault.description} [{', '.join(fault.violates)}]"
        for _, fault in sorted(FAULTS.items())
    ]


def _deviation_lines() -> list[str]:
    return [
        f"{row.name}: {row.description}"
        f" [{', '.join(map(str, row.differences))}] ({', '.join(row.revisions)})"
        for _, row in sorted(DEVIATIONS.items())
    ]


def _variation_lines() -> list[str]:
    return [f"{row.name}: {row.description}" for _, row in sorted(VARIATIONS.items())]


_LISTINGS = {
    "list_faults": _fault_lines,
    "list_deviations": _deviation_lines,
    "list_variations": _variation_lines,
}
