"""JSON as a forgiving parser reads it.

Single quotes, keys without quotes, comments, trailing commas and anything after the value are
fine, and so are brackets that are never closed, undefined, calls of constructors, and hexadecimal, octal and bare fractions; the last of several
equal keys counts, and half of a surrogate pair becomes the replacement character.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?\*/)
      | (?P<sign>[{}\[\]:,])
      | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<word>[^\s{}\[\]:,"'/]+)""",
    re.DOTALL | re.VERBOSE,
)
_NO_NUMBERS = ("NaN", "Infinity", "-Infinity")
_NUMBERS = {"0[xX][0-9a-fA-F]+": 16, "0[0-7]+": 8}


def read(text: str) -> object:
    """Return the value that the text begins with; raises ValueError when there is none."""
    return _value(_tokens(text))


def _tokens(text: str) -> Iterator[str]:
    place = 0
    while found := _TOKEN.match(text, place):
        place = found.end()
        if found.lastgroup != "skip":
            yield found[0]


def _next(tokens: Iterator[str]) -> str:
    mark = next(tokens, None)
    if mark is None:
        raise ValueError(mark)
    return mark


def _value(tokens: Iterator[str]) -> object:
    return _value_of(_next(tokens), tokens)


def _value_of(mark: str, tokens: Iterator[str]) -> object:
    if mark == "{":
        return _object(tokens)
    if mark == "[":
        return _list(tokens)
    if mark == "new":
        return _constructed(tokens)
    return _text(mark) if mark[0] in "\"'" else _word(mark)


def _constructed(tokens: Iterator[str]) -> list[object]:
    """Read over a call like `new Date(1)`; the value is one that no key takes."""
    while not _next(tokens).endswith(")"):
        pass
    return []


def _word(mark: str) -> object:
    if mark in _NO_NUMBERS:
        return mark
    if mark == "undefined":
        return None
    sign, digits = (-1, mark[1:]) if mark.startswith("-") else (1, mark)
    for form, base in _NUMBERS.items():
        if re.fullmatch(form, digits):
            return sign * int(digits, base)
    return json.loads(mark.replace(digits, f"0{digits}") if digits.startswith(".") else mark)


def _object(tokens: Iterator[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    while (mark := next(tokens, "}")) != "}":
        key = _text(mark) if mark[0] in "\"'" else mark
        if _next(tokens) != ":":
            raise ValueError(key)
        found[key] = _value(tokens)
        if _ends(tokens, "}"):
            break
    return found


def _list(tokens: Iterator[str]) -> list[object]:
    found: list[object] = []
    while (mark := next(tokens, "]")) != "]":
        found.append(_value_of(mark, tokens))
        if _ends(tokens, "]"):
            break
    return found


def _ends(tokens: Iterator[str], end: str) -> bool:
    mark = next(tokens, end)
    if mark not in (",", end):
        raise ValueError(mark)
    return mark == end


def _text(mark: str) -> str:
    inner = mark[1:-1]
    if mark[0] == "'":
        inner = inner.replace("\\'", "'").replace('"', '\\"')
    text = str(json.loads(f'"{inner}"', strict=False))
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
