"""Faults: bodies and refs that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.models import Kind
    from conformance.reference.steps import Original


@fault("err-0-400")
def takes_malformed_json_for_nothing(server: Server) -> None:
    """A body that is no JSON counts as an empty object, or an empty list."""

    def parse(original: Original, body: bytes) -> object:
        try:
            return original(body)
        except Rejected:
            return [] if body.startswith(b"[") else {}

    wrap(server.bodies, "parse", parse)


@fault("err-0-400")
def returns_malformed_json_with_422(server: Server) -> None:
    """A body that cannot be understood returns 422."""

    def status(original: Original, rejected: Rejected) -> int:
        return 422 if rejected.problem is Problem.BAD_REQUEST else int(original(rejected))

    wrap(server.errors, "status", status)


@fault("err-0-400")
def takes_null_for_an_empty_object(server: Server) -> None:
    """A body that is null, or a list, is rejected with 40001, as an object without keys."""

    def mapping(original: Original, call: Call) -> dict[str, Any]:
        if not isinstance(server.bodies.content(call), dict):
            raise Rejected(Problem.INVALID, errors={})
        found: dict[str, Any] = original(call)
        return found

    wrap(server.bodies, "mapping", mapping)


_MOST_BRACKETS = 1000


@fault("err-0-400")
def fails_on_deep_nesting(server: Server) -> None:
    """A body of more than 1000 nested brackets makes the server fail."""

    def parse(original: Original, body: bytes) -> object:
        if body.count(b"[") > _MOST_BRACKETS:
            raise Rejected(Problem.INTERNAL)
        return original(body)

    wrap(server.bodies, "parse", parse)


@fault("err-0-400")
def fails_on_malformed_switches(server: Server) -> None:
    """A switch that is no JSON makes the server fail."""

    def content(original: Original, call: Call) -> object:
        try:
            return original(call)
        except Rejected as rejected:
            if call.path.endswith("/switches") and rejected.problem is Problem.BAD_REQUEST:
                raise Rejected(Problem.INTERNAL) from None
            raise

    wrap(server.bodies, "content", content)


@fault("err-0-400")
def null_empties_a_switch(server: Server) -> None:
    """PATCH of the members of a switch with null takes everybody out of it."""

    def refs(original: Original, call: Call, **rest: Any) -> Any:
        patched = call.operation is not None and call.operation.name == "update-switch-members"
        return [] if patched and call.body.strip() == b"null" else original(call, **rest)

    wrap(server.bodies, "refs", refs)


@fault("errors-are-4xx-json")
def fails_at_privacy_that_is_no_object(server: Server) -> None:
    """A privacy that is no object returns 500."""

    def read(original: Original, kind: Kind, value: Any, *rest: Any) -> None:
        original(kind, value and dict(value), *rest)

    wrap(server.validation, "read_privacy", read)


@fault("errors-are-4xx-json", "err-20006")
def fails_on_message_ref_of_text(server: Server) -> None:
    """A message that is named by something else than a number makes the server fail."""

    def message(original: Original, ref: str) -> Any:
        if not ref.isdigit():
            raise Rejected(Problem.INTERNAL)
        return original(ref)

    wrap(server.references, "message", message)


@fault("errors-are-4xx-json", "err-20006")
def fails_on_large_message_ids(server: Server) -> None:
    """A message that is named by a number beyond 63 bits makes the server fail."""

    def message(original: Original, ref: str) -> Any:
        if ref.isdigit() and int(ref) >= 2**63:
            raise Rejected(Problem.INTERNAL)
        return original(ref)

    wrap(server.references, "message", message)
