"""Text from elsewhere made fit to print: on a terminal, in a log of a CI server, in a report."""

from __future__ import annotations

import unicodedata

OBEYED = ("Cc", "Cf", "Zl", "Zp", "Cs")  # categories of Unicode


def visible(text: str) -> str:
    """Return a text with escapes for characters that a terminal obeys: controls, and those that turn the direction of writing."""
    return "".join(_escaped(c) if unicodedata.category(c) in OBEYED else c for c in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()
