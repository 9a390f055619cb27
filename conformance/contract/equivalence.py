"""Whether two values of a key mean the same, where the docs leave open how a value is written."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Any

SIDES = ("prefix", "suffix")
# Keys that take any text; that it is kept to the letter is for one requirement alone.
TEXTS = ("name", "display_name", "description", "pronouns", "tag", "name_format")


def means(key: str, actual: Any, expected: Any) -> bool:
    """Whether a server that shows `actual` for a key has stored `expected`.

    Open are the case of a colour, and in proxy tags other keys than the two of the docs, and whether a side that is null
    is there at all. A text may be tidied: that it is not is for `text-is-kept`.
    """
    tidied = is_tidied(key, expected, actual)
    return tidied or same(meaning(key, actual), meaning(key, expected))


def is_tidied(key: str, expected: object, actual: object) -> bool:
    """Whether a text of a key that takes any differs from the expected one in what a server tidies alone."""
    return key in TEXTS and actual != expected and alike(actual, expected)


def alike(one: object, other: object) -> bool:
    """Whether two texts have the same letters and digits, in whatever form, case, order of marks, and markup around them."""
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    return bool(letters(one)) and letters(one) == letters(other)


def letters(text: str) -> str:
    """Return the letters and digits of a text, in lower case and one form, without tags of markup."""
    plain = re.sub("<[^>]*>", "", html.unescape(html.unescape(text)))
    folded = unicodedata.normalize("NFKD", plain).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def meaning(key: str, value: Any) -> Any:
    """Return the part of a value that matters."""
    if key == "color" and isinstance(value, str):
        return value.lower()
    if key == "proxy_tags" and is_tag_list(value):
        return [{side: tag.get(side) for side in SIDES} for tag in value]
    return value


def has_value(value: object) -> bool:
    """Whether a value says something: not one that stands for no value, like null and an empty text."""
    return value not in (None, "", 0, False, [], {}, "null", "none", "None")


def is_tag_list(value: object) -> bool:
    """Whether a value is a list of objects, as proxy tags are."""
    return isinstance(value, list) and all(isinstance(tag, dict) for tag in value)


def same(left: object, right: object) -> bool:
    """JSON equality: like `==`, but a boolean is never a number."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right
