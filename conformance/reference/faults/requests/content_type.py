"""Faults: the Content-Type of a request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.reference.errors import Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original


def _accept(server: Server, accepts: Callable[[str | None], bool]) -> None:
    def check_type(original: Original, call: Call) -> None:
        if not accepts(call.content_type):
            original(call)

    wrap(server.bodies, "check_type", check_type)


@fault("json-body-requires-content-type")
def ignores_content_type(server: Server) -> None:
    """A JSON body is taken with any Content-Type."""
    _accept(server, lambda _: True)


@fault("json-body-requires-content-type")
def accepts_plain_text(server: Server) -> None:
    """A JSON body is also taken as text/plain."""
    _accept(server, lambda declared: (declared or "").startswith("text/plain"))


@fault("json-body-requires-content-type")
def accepts_missing_content_type(server: Server) -> None:
    """A JSON body is also taken without a Content-Type."""
    _accept(server, lambda declared: declared is None)


@fault("json-body-requires-content-type")
def accepts_form_content_type(server: Server) -> None:
    """A JSON body is also taken as a form."""
    _accept(server, lambda declared: declared == "application/x-www-form-urlencoded")


@fault("json-body-requires-content-type", step="bodies.check_type")
def applies_body_of_rejected_content_type(server: Server, original: Original, call: Call) -> None:
    """A body with the wrong Content-Type is rejected, but only after it was applied."""
    try:
        original(call)
    except Rejected:
        server.run(replace(call, content_type="application/json"))
        raise


@fault("json-body-requires-content-type")
def looks_for_json_in_content_type(server: Server) -> None:
    """A JSON body is also taken with any Content-Type that has the letters json in it."""
    _accept(server, lambda declared: "json" in (declared or "").lower())


@fault("json-body-requires-content-type")
def accepts_empty_content_type(server: Server) -> None:
    """A JSON body is also taken with an empty Content-Type."""
    _accept(server, lambda declared: declared == "")


@fault("json-body-requires-content-type")
def accepts_binary_content_type(server: Server) -> None:
    """A JSON body is also taken as application/octet-stream."""
    _accept(server, lambda declared: declared == "application/octet-stream")


@fault("json-body-requires-content-type")
def accepts_multipart_content_type(server: Server) -> None:
    """A JSON body is also taken as a multipart form."""
    _accept(server, lambda declared: (declared or "").startswith("multipart/"))


@fault("json-body-requires-content-type", step="bodies.check_type")
def wants_content_type_to_the_letter(original: Original, call: Call) -> None:
    """A Content-Type with a charset, or in capital letters, is rejected."""
    plain = call.content_type == "application/json"
    original(call if plain else replace(call, content_type=None))


@fault("json-body-requires-content-type", step="bodies.check_type")
def takes_any_type_of_new_groups(original: Original, call: Call) -> None:
    """The Content-Type does not matter where a group is created."""
    if not (call.operation and call.operation.name == "create-group"):
        original(call)
