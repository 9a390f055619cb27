"""Whole numbers that a response has as text or JSON, which may be none, or larger than anything that is calculated with."""

from __future__ import annotations

LARGEST = 10**15  # far beyond any limit, and any time in milliseconds


def whole_number(value: object) -> int | None:
    """Return the number from 0 on that a text of ASCII digits, or an integer, is; None for anything else and for what is too large."""
    if isinstance(value, str):
        is_number = value.isascii() and value.isdigit() and len(value) <= len(str(LARGEST))
        number = int(value) if is_number else -1
    else:
        number = value if type(value) is int else -1
    return number if 0 <= number <= LARGEST else None
