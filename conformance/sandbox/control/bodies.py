"""Bodies of the control API: JSON, declared as such, that keeps to the schema of its route."""

from __future__ import annotations

import json
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NoReturn

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from conformance.sandbox.control.problems import Wrong

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

    from conformance.sandbox.control.routes import Route

_LONGEST = 200  # characters of a message of the validator, which quotes what was sent
_FORM = {"type": "object"}


def read(route: Route, content_type: str | None, body: bytes) -> dict[str, Any]:
    """Return the values of a body; nothing at all is an empty object."""
    if not body:
        value: object = {}
    else:
        if (content_type or "").partition(";")[0].strip().lower() != "application/json":
            message = f"Content-Type: '{content_type or ''}' is not JSON; send application/json"
            raise Wrong(message, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        value = _parse(body)
    error = best_match(
        _validator(route.handler, json.dumps(route.body or _FORM)).iter_errors(value)
    )
    if error is not None:
        raise Wrong(_line(error))
    assert isinstance(value, dict)  # noqa: S101 - as the schema of every route says
    return value


def _parse(body: bytes) -> object:
    try:
        value: object = json.loads(body, parse_constant=_reject_constant)
        json.dumps(value, ensure_ascii=False).encode()  # half of a character is none
    except (ValueError, RecursionError) as error:
        message = f"the body is no JSON: {error}"
        raise Wrong(message) from None
    return value


def _reject_constant(name: str) -> NoReturn:
    message = f"{name} is no number of JSON"
    raise ValueError(message)


@cache
def _validator(handler: str, schema: str) -> Draft202012Validator:
    del handler
    return Draft202012Validator(json.loads(schema))


def _line(error: ValidationError) -> str:
    """Return what is wrong where, and what is right."""
    place = error.json_path.removeprefix("$").removeprefix(".")
    schema: dict[str, Any] = dict(error.schema)  # type: ignore[arg-type] # ours are objects
    if error.validator in ("additionalProperties", "required"):
        known = ", ".join(schema["properties"])
        return f"{place or 'body'}: {error.message}; known keys are {known}"
    message = error.message if len(error.message) <= _LONGEST else f"{error.message[:_LONGEST]}..."
    expected = schema.get("description") or "see docs/sandbox.md"
    return f"{place or 'body'}: {message}; {expected}"
