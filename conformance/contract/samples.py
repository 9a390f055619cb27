"""Valid values for the keys of a body, made from their schemas. Two variants of one key always differ; a boolean has two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.contract import Contract
    from conformance.contract.document import Json
    from conformance.contract.fields import Field

FIRST_COLOR = 0xABC0DE
ZONES = ("Europe/Berlin", "America/Argentina/Buenos_Aires")
# One letter in two forms, two directions, and characters outside the basic plane are meant.
UNUSUAL = (
    "  Two  blanks,\tCAPITALS: {}\u00a0x  ",
    "e\u0301 \u00e9 \ufb01 \u0130 \u05d0\u05d1 \U0001f98a\u200d\u2744\ufe0f {} \u00df\u200f \uff21",
    "<b>&amp;</b> \"q\" 'r' %20 \\n ${{x}} {}; --",
)
ROOM_FOR_LINES = 1000


def sample(field: Field, variant: int) -> Json:
    """Return a valid value that is not null and not the default of an unset key."""
    schema = field.schema
    types = schema.get("type", ())
    if "enum" in schema:
        choices = [value for value in schema["enum"] if value is not None]
        return choices[variant % len(choices)]
    if "boolean" in types:
        return variant % 2 == 0
    if "array" in types:
        # Blanks belong to a tag, and so do capitals.
        return [
            {"prefix": f"{variant}[ ", "suffix": " ]"},
            {"prefix": f"P{variant}: ", "suffix": None},
        ]
    if "integer" in types:
        return 100 + variant
    return _text(field, variant)


def full_body(contract: Contract, model: str, variant: int = 0) -> dict[str, Any]:
    """Return a value for every key that a POST of this model may carry, but for privacy."""
    fields = contract.fields_of(model)
    return {
        field.key: sample(field, variant)
        for field in fields
        if field.in_post and field.key != "privacy"
    }


def _text(field: Field, variant: int) -> str:
    schema = field.schema
    if schema.get("format") == "date":
        return f"{1980 + variant}-03-14"
    if schema.get("format") == "timezone":
        return ZONES[variant % len(ZONES)]
    if schema.get("format") == "uri":
        return f"https://example.com/{field.key}/{variant}.png"
    if schema.get("pattern", "").endswith("{6}$"):
        return f"{FIRST_COLOR + variant:06x}"
    return f"{field.key.replace('_', ' ')} number {variant}"


def unusual(field: Field, variant: int) -> str:
    """Return a valid free text that a server which tidies texts would change.

    There are three kinds: blanks around and within, capitals; letters in several forms and scripts, and emoji; what has a
    meaning in markup, queries and templates, and line breaks of either kind where there is room, the last at the end. Two variants of one key
    always differ.
    """
    key = field.key.replace("_", " ")
    text = UNUSUAL[variant % len(UNUSUAL)].format(f"{key} {variant}")
    return f"{text}\n\nB\r\nC\n" if field.schema["maxLength"] >= ROOM_FOR_LINES else text


def is_free_text(field: Field) -> bool:
    """Whether the key takes any text, of a limited length."""
    return "maxLength" in field.schema and "format" not in field.schema and field.in_patch
