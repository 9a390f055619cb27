"""Valid values for the keys of a body, made from their schemas. Two variants of one key always differ; a boolean has two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.contract import Contract
    from conformance.contract.document import Json
    from conformance.contract.fields import Field

FIRST_COLOR = 0xABC0DE
ZONES = ("Europe/Berlin", "America/New_York")


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
        return [
            {"prefix": f"{variant}[", "suffix": "]"},
            {"prefix": f"p{variant}:", "suffix": None},
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
