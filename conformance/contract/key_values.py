"""Values of the classes of input that are no constants: they depend on the key, or are long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract.fields import Field

LONGEST_TAG = 99  # prefix, the word text and suffix; exactly 100 is not tried
ROOM = LONGEST_TAG - len("text")


def longest(field: Field) -> str:
    """Return the longest valid text of a key."""
    return _of_length(field, field.schema["maxLength"])


def too_long(field: Field) -> str:
    """Return a text that would be valid, but for one character too many."""
    return _of_length(field, field.schema["maxLength"] + 1)


def twice_too_long(field: Field) -> str:
    """Return a text of twice the length that a key takes."""
    return _of_length(field, field.schema["maxLength"] * 2)


def address(field: Field) -> str:
    """Return an address with all its parts; each key gets its own: PluralKit's own server does not keep two that are the same."""
    return f"https://example.com:8443/{field.key}/A%20b.png?size=256&v=1#top"


def longest_tags(_: Field) -> list[dict[str, Any]]:
    """Return proxy tags that are as long as they may be, in each way."""
    return [
        {"prefix": "p" * ROOM, "suffix": None},
        {"prefix": None, "suffix": "s" * ROOM},
        {"prefix": "p" * 50, "suffix": "s" * (ROOM - 50)},
    ]


def other_tags(_: Field) -> list[dict[str, Any]]:
    """Return more than a few tags in no order, two that begin alike, one that begins as it ends, and one with the word that lengths are counted with."""
    return [
        {"prefix": "(", "suffix": ")"},
        {"prefix": None, "suffix": "-x"},
        {"prefix": "(", "suffix": "]"},
        {"prefix": "text: ", "suffix": None},
        {"prefix": "**", "suffix": "**"},
        *({"prefix": letter, "suffix": None} for letter in "dbca"),
    ]


def long_prefix(_: Field) -> list[dict[str, Any]]:
    """Return a tag that is right, and one whose prefix is too long."""
    return [{"prefix": "q", "suffix": None}, {"prefix": "p" * (ROOM + 2), "suffix": None}]


def long_both(_: Field) -> list[dict[str, Any]]:
    """Return a tag whose prefix and suffix are too long together."""
    return [{"prefix": "p" * 60, "suffix": "s" * (ROOM - 58)}]


SAMPLES: dict[str, Callable[[Field], Any]] = {
    "longest": longest,
    "too-long": too_long,
    "twice-too-long": twice_too_long,
    "address": address,
    "longest-tags": longest_tags,
    "other-tags": other_tags,
    "long-prefix": long_prefix,
    "long-both": long_both,
}
"""How the value of a class is made, by what the class calls its sample."""


def _of_length(field: Field, length: int) -> str:
    """Return a text of this length: of letters that are one character, whoever counts, but two bytes; an address is ASCII."""
    if "format" in field.schema:
        # The path of an address ends like the name of an image.
        start, end = (
            ("https://example.com/", ".png") if field.schema["format"] == "uri" else ("", "z")
        )
        return (start + f"{field.key}-" * length)[: length - len(end)] + end
    line_break = "\n" if field.key == "description" else ""
    return (f"\u0436{field.key}{line_break}" + "\u044f\u0431" * length)[:length]
