"""Known deviations: how bodies are read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from conformance.reference.errors import Problem, Rejected
from conformance.reference.upstream import lenient_json
from conformance.reference.upstream.registry import deviation

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original


@deviation(15, step="bodies.check_type")
def accepts_other_json_types(original: Original, call: Call) -> None:
    """text/json and application types that end in +json are read, too."""
    declared = (call.content_type or "").partition(";")[0].strip().lower()
    suffixed = declared.startswith("application/") and declared.endswith("+json")
    if declared != "text/json" and not suffixed:
        original(call)


@deviation(18, step="bodies.parse")
def reads_json_leniently(original: Original, body: bytes) -> object:
    """Single quotes, bare keys, comments, trailing commas and what follows do not matter."""
    try:
        return original(body)
    except Rejected as rejected:
        try:
            value = lenient_json.read(body.decode(errors="replace"))
        except (ValueError, RecursionError):
            raise rejected from None
        return original(json.dumps(value).encode())


@deviation(19, only="2025-08", step="bodies.mapping")
def fails_on_null_for_autoproxy(server: Server, original: Original, call: Call) -> object:
    """PATCH of autoproxy with the body null is 500."""
    about_autoproxy = call.operation and call.operation.area == "autoproxy"
    if about_autoproxy and server.bodies.content(call) is None:
        raise Rejected(Problem.INTERNAL)
    return original(call)
