"""Known deviations: how bodies are read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.steps import wrap
from conformance.reference.upstream import lenient_json
from conformance.reference.upstream.registry import deviation

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original


@deviation(15)
def accepts_other_json_types(server: Server) -> None:
    """text/json and application types that end in +json are read, too."""

    def check_type(original: Original, call: Call) -> None:
        declared = (call.content_type or "").partition(";")[0].strip().lower()
        suffixed = declared.startswith("application/") and declared.endswith("+json")
        if declared != "text/json" and not suffixed:
            original(call)

    wrap(server.bodies, "check_type", check_type)


@deviation(18)
def reads_json_leniently(server: Server) -> None:
    """Single quotes, bare keys, comments, trailing commas and what follows do not matter."""

    def parse(original: Original, body: bytes) -> object:
        try:
            return original(body)
        except Rejected as rejected:
            try:
                value = lenient_json.read(body.decode(errors="replace"))
            except (ValueError, RecursionError):
                raise rejected from None
            return original(json.dumps(value).encode())

    wrap(server.bodies, "parse", parse)


@deviation(19, only="2025-08")
def fails_on_null_for_autoproxy(server: Server) -> None:
    """PATCH of autoproxy with the body null is 500."""

    def mapping(original: Original, call: Call) -> dict[str, Any]:
        about_autoproxy = call.operation and call.operation.area == "autoproxy"
        if about_autoproxy and server.bodies.content(call) is None:
            raise Rejected(Problem.INTERNAL)
        body: dict[str, Any] = original(call)
        return body

    wrap(server.bodies, "mapping", mapping)
