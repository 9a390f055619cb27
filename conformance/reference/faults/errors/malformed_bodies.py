"""Faults: bodies and refs that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.models import Kind
    from conformance.reference.steps import Original


@fault("err-0-400", step="bodies.parse")
def takes_malformed_json_for_nothing(original: Original, body: bytes) -> object:
    """A body that is no JSON counts as an empty object, or an empty list."""
    try:
        return original(body)
    except Rejected:
        return [] if body.startswith(b"[") else {}


@fault("err-0-400", step="errors.status")
def returns_malformed_json_with_422(original: Original, rejected: Rejected) -> int:
    """A body that cannot be understood returns 422."""
    return 422 if rejected.problem is Problem.BAD_REQUEST else int(original(rejected))


@fault("err-0-400", step="bodies.mapping")
def takes_null_for_an_empty_object(server: Server, original: Original, call: Call) -> object:
    """A body that is null, or a list, is rejected with 40001, as an object without keys."""
    if not isinstance(server.bodies.content(call), dict):
        raise Rejected(Problem.INVALID, errors={})
    return original(call)


_MOST_BRACKETS = 1000


@fault("err-0-400", step="bodies.parse")
def fails_on_deep_nesting(original: Original, body: bytes) -> object:
    """A body of more than 1000 nested brackets makes the server fail."""
    if body.count(b"[") > _MOST_BRACKETS:
        raise Rejected(Problem.INTERNAL)
    return original(body)


@fault("err-0-400", step="bodies.content")
def fails_on_malformed_switches(original: Original, call: Call) -> object:
    """A switch that is no JSON makes the server fail."""
    try:
        return original(call)
    except Rejected as rejected:
        if call.path.endswith("/switches") and rejected.problem is Problem.BAD_REQUEST:
            raise Rejected(Problem.INTERNAL) from None
        raise


@fault("err-0-400", step="bodies.refs")
def null_empties_a_switch(original: Original, call: Call, **rest: Any) -> Any:
    """PATCH of the members of a switch with null takes everybody out of it."""
    patched = call.operation is not None and call.operation.name == "update-switch-members"
    return [] if patched and call.body.strip() == b"null" else original(call, **rest)


@fault("errors-are-4xx-json", step="validation.read_privacy")
def fails_at_privacy_that_is_no_object(
    original: Original, kind: Kind, value: Any, *rest: Any
) -> None:
    """A privacy that is no object returns 500."""
    original(kind, value and dict(value), *rest)


@fault("errors-are-4xx-json", "err-20006", step="references.message")
def fails_on_message_ref_of_text(original: Original, ref: str) -> Any:
    """A message that is named by something else than a number makes the server fail."""
    if not ref.isdigit():
        raise Rejected(Problem.INTERNAL)
    return original(ref)


@fault("errors-are-4xx-json", "err-20006", step="references.message")
def fails_on_large_message_ids(original: Original, ref: str) -> Any:
    """A message that is named by a number beyond 63 bits makes the server fail."""
    if ref.isdigit() and int(ref) >= 2**63:
        raise Rejected(Problem.INTERNAL)
    return original(ref)
