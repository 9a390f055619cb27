"""What in the body of a request is not as the contract has it, each with the kind of its deviation.

Which habit a kind shows is in `judges.bodies`.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from conformance.printable import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract import Contract, Operation
    from conformance.contract.document import Schema

FORM, NAME, UNKNOWN, READ_ONLY, NEEDED, NOTHING = (
    *("form", "name", "unknown", "read-only"),
    *("needed", "nothing"),
)
BLANK, NULL, PRIVACY, ID = "blank", "null", "privacy", "id"
LENGTH, TIME, VALUE = "length", "time", "value"
LONGEST = 60  # characters of a value that are shown
TIME_FORMAT, ANY_TIME = "date-time", "Timestamp"  # a format, and the schema of all values of it
PRIVACY_KEY = "privacy"
_UUID = "[0-9a-fA-F]{8}"  # stands in each pattern of an id


@dataclasses.dataclass(frozen=True)
class Misfit:
    """One deviation: its kind, and what it is."""

    kind: str
    text: str


def misfits(contract: Contract, operation: Operation, body: Any) -> Iterator[Misfit]:
    """Yield what in a body is not as the docs have it."""
    schema = operation.request_schema or {}
    wants_list = schema.get("type") == "array"
    if wants_list and isinstance(body, list):
        yield from _of_value(contract, schema, body, "the list")
    elif isinstance(body, dict) and not wants_list:
        yield from _Keys(contract, schema, _shown_by(contract, operation)).misfits(body)
    else:
        yield Misfit(FORM, f"the body is {_shown(body)}, no {schema.get('type')}")


def is_nullable(contract: Contract, schema: Schema) -> bool:
    """Whether a value may be null."""
    schema = contract.resolve(schema)
    choices = schema.get("anyOf", ())
    if choices and "type" not in schema:
        return any(is_nullable(contract, choice) for choice in choices)
    return "null" in schema.get("type", ()) or None in schema.get("enum", ())


def names_id(contract: Contract, schema: Schema) -> bool:
    """Whether a value is an id, or a list of them."""
    schema = contract.resolve(schema)
    items = contract.resolve(schema.get("items", {}))
    return any(_UUID in one.get("pattern", "") for one in (schema, items))


def is_time(contract: Contract, schema: Schema, value: Any) -> bool:
    """Whether a value is a point in time where one belongs, in whatever form."""
    any_time = contract.document["components"]["schemas"][ANY_TIME]
    return schema.get("format") == TIME_FORMAT and _validator(contract, any_time).is_valid(value)


@dataclasses.dataclass(frozen=True)
class _Keys:
    """The keys of an object in a body: its schema, and the keys that responses show of the same thing."""

    contract: Contract
    schema: Schema
    shown: Mapping[str, Schema]

    def misfits(self, body: Mapping[str, Any]) -> Iterator[Misfit]:
        settable = self.schema.get("properties", {})
        for key, value in body.items():
            if key in settable:
                yield from self._of_key(key, settable[key], value)
            else:
                yield self._extra(key)
        written = {_plain(key) for key in body}  # one in another case is another habit
        missing = [key for key in self.schema.get("required", ()) if _plain(key) not in written]
        if missing:
            yield Misfit(NEEDED, f"lacks {', '.join(missing)}")
        if self.schema.get("minProperties") and written.isdisjoint(map(_plain, settable)):
            yield Misfit(NOTHING, f"sets nothing with {_shown(dict(body))}")

    def _extra(self, key: str) -> Misfit:
        """Return what is to be said of a key that the docs do not let be set there."""
        known = self.schema.get("properties", {}).keys() | self.shown.keys()
        meant = [name for name in known if _plain(name) == _plain(key) and name != key]
        if key in self.shown:
            return Misfit(READ_ONLY, key)
        if meant:
            return Misfit(NAME, f"{key} for {meant[0]}")
        return Misfit(UNKNOWN, shortened(key, LONGEST))

    def _of_key(self, key: str, node: Schema, value: Any) -> Iterator[Misfit]:
        schema = self.contract.resolve(node)
        nested = _object_in(self.contract, schema)
        if value is None:
            if not is_nullable(self.contract, schema):
                yield Misfit(NULL, f"{key} is null")
        elif key == PRIVACY_KEY and nested:
            yield from self._of_privacy(nested, value)
        elif value == "" and is_nullable(self.contract, schema):
            yield Misfit(BLANK, f"{key} is an empty text")
        else:
            yield from _of_value(self.contract, schema, value, key)

    def _of_privacy(self, schema: Schema, value: Any) -> Iterator[Misfit]:
        if not isinstance(value, dict):
            yield Misfit(PRIVACY, f"privacy is {_shown(value)}")
            return
        known = schema["properties"]
        for key, level in value.items():
            if key not in known:
                yield Misfit(PRIVACY, f"no privacy key {shortened(key, LONGEST)}")
            elif not _validator(self.contract, known[key]).is_valid(level):
                yield Misfit(PRIVACY, f"{key} is {_shown(level)}")


def _of_value(contract: Contract, schema: Schema, value: Any, name: str) -> Iterator[Misfit]:
    """Yield what is wrong with a value that has a schema of its own, each thing once."""
    yield from dict.fromkeys(_errors(contract, schema, value, name))


def _errors(contract: Contract, schema: Schema, value: Any, name: str) -> Iterator[Misfit]:
    is_id = names_id(contract, schema)
    for error in _validator(contract, schema).iter_errors(value):
        kind, shown = VALUE, f"{name} is {_shown(error.instance)}"
        if error.validator == "maxLength":
            kind = LENGTH
            shown = f"{name} has {len(error.instance)} characters, of {error.validator_value}"
        elif error.validator == "pattern" and is_id:
            kind, shown = ID, f"{name} has {_shown(error.instance)}"
        elif error.validator == "pattern" and is_time(contract, schema, value):
            kind = TIME
        elif error.validator == "uniqueItems":
            shown = f"{name} names one twice"
        yield Misfit(kind, shown)


def _object_in(contract: Contract, schema: Schema) -> Schema | None:
    """Return the schema of the object that a value is, if it is one."""
    found = [contract.resolve(one) for one in schema.get("anyOf", (schema,))]
    return next((one for one in found if one.get("type") == "object"), None)


def _shown_by(contract: Contract, operation: Operation) -> Mapping[str, Schema]:
    """Return the keys of the object that a success returns."""
    schema = contract.resolve(operation.responses.get(operation.success, {}))
    found = _object_in(contract, schema) or {}
    keys: dict[str, Schema] = found.get("properties", {})
    return keys


def _plain(key: str) -> str:
    return re.sub(r"[_-]", "", key).lower()


def _shown(value: Any) -> str:
    return shortened(repr(value), LONGEST)


def _validator(contract: Contract, schema: Schema) -> Draft202012Validator:
    whole = {**schema, "components": contract.document["components"]}
    return Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
