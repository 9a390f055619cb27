"""JSON bodies: their media type, their text and their outer form. docs: reference#api-reference."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

from conformance.reference.errors import Problem, Rejected

if TYPE_CHECKING:
    from conformance.reference.calls import Call


class Bodies:
    """Reads the body of a request that needs one."""

    def mapping(self, call: Call) -> dict[str, Any]:
        """Return a JSON object."""
        value = self.content(call)
        if not isinstance(value, dict):
            raise Rejected(Problem.BAD_REQUEST, "the body is no JSON object")
        return value

    def refs(self, call: Call, *, empty_allowed: bool = True) -> list[str]:
        """Return a JSON list of refs; adding and removing needs at least one."""
        value = self.content(call)
        if not isinstance(value, list) or not all(isinstance(ref, str) for ref in value):
            raise Rejected(Problem.BAD_REQUEST, "the body is no list of ids")
        if not value and not empty_allowed:
            raise Rejected(Problem.BAD_REQUEST, "the list is empty")
        return value

    def content(self, call: Call) -> object:
        """Return the JSON value; the media type is checked first."""
        self.check_type(call)
        return self.parse(call.body)

    def check_type(self, call: Call) -> None:
        """Reject bodies that are not declared as JSON; parameters do not matter."""
        declared = (call.content_type or "").partition(";")[0]
        if declared.strip().lower() != "application/json":
            raise Rejected(Problem.CONTENT_TYPE)

    def parse(self, body: bytes) -> object:
        """Return the value of a JSON text in UTF-8."""
        try:
            value: object = json.loads(body.decode(), parse_constant=_reject_constant)
            if b"\\u" in body:
                _reject_lone_surrogates(value)
        except (ValueError, RecursionError):
            raise Rejected(Problem.BAD_REQUEST, "the body is no JSON") from None
        return value


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _reject_lone_surrogates(value: object) -> None:
    json.dumps(value, ensure_ascii=False).encode()
