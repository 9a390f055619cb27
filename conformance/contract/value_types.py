"""Whether a value is of a type that the contract has for its key. What a value of that type may say is in `value_cases`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.contract.fields import Field

TYPES = {"string": str, "boolean": bool, "integer": int, "null": type(None), "array": list}


def fits(field: Field, value: object) -> bool:
    """Whether a value is of a type that the contract has for its key; where it has none, any value is."""
    named = field.schema.get("type")
    if named is None:
        return True
    types = [TYPES[name] for name in ([named] if isinstance(named, str) else named)]
    if isinstance(value, str) and field.schema.get("format") == "date-time":
        return is_moment(value)
    return type(value) in types


def type_of(field: Field) -> str:
    """Return the type that the contract has for a key, like `date-time or null`."""
    named = field.schema["type"]
    types = [named] if isinstance(named, str) else named
    texts = {"string": field.schema.get("format", "string")}
    return " or ".join(texts.get(name, name) for name in types)


def is_moment(value: str) -> bool:
    """Whether a text is a date and time with its offset from UTC, as RFC 3339 has it."""
    if len(value) < len("2021-11-07T00:00:00Z") or value[10] not in "Tt ":
        return False
    try:
        return dt.datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
