"""Text from elsewhere made fit to print: on a terminal, in a log of a CI server, in a report."""

from __future__ import annotations

import unicodedata

OBEYED = ("Cc", "Cf", "Zl", "Zp", "Cs")  # categories of Unicode
LONGEST = 500  # characters of what a server sent, on a terminal
CUT = " ..."


def visible(text: str) -> str:
    """Return a text with escapes for characters that a terminal obeys: controls, and those that turn the direction of writing."""
    return "".join(_escaped(c) if unicodedata.category(c) in OBEYED else c for c in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return a text of at most so many characters; dots stand for what is left out."""
    return text if len(text) <= longest else f"{text[: longest - len(CUT)]}{CUT}"
