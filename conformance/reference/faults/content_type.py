"""Faults: bodies that are not declared as JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original

_VIOLATES = ["json-body-requires-content-type"]


def _accept(server: Server, accepts: Callable[[str | None], bool]) -> None:
    def check_type(original: Original, call: Call) -> None:
        if not accepts(call.content_type):
            original(call)

    wrap(server.bodies, "check_type", check_type)


@fault(*_VIOLATES)
def ignores_content_type(server: Server) -> None:
    """A JSON body is taken whatever its Content-Type says."""
    _accept(server, lambda _: True)


@fault(*_VIOLATES)
def accepts_plain_text(server: Server) -> None:
    """A JSON body is also taken as text/plain."""
    _accept(server, lambda declared: (declared or "").startswith("text/plain"))


@fault(*_VIOLATES)
def accepts_missing_content_type(server: Server) -> None:
    """A JSON body is also taken without a Content-Type."""
    _accept(server, lambda declared: declared is None)


@fault(*_VIOLATES)
def accepts_form_content_type(server: Server) -> None:
    """A JSON body is also taken as a form."""
    _accept(server, lambda declared: declared == "application/x-www-form-urlencoded")


@fault(*_VIOLATES)
def applies_body_of_rejected_content_type(server: Server) -> None:
    """A body with the wrong Content-Type is rejected, but only after it was applied."""

    def check_type(original: Original, call: Call) -> None:
        try:
            original(call)
        except Rejected:
            server.run(replace(call, content_type="application/json"))
            raise

    wrap(server.bodies, "check_type", check_type)


@fault(*_VIOLATES)
def looks_for_json_in_content_type(server: Server) -> None:
    """Every Content-Type with the letters json in it will do."""
    _accept(server, lambda declared: "json" in (declared or "").lower())


@fault(*_VIOLATES)
def accepts_empty_content_type(server: Server) -> None:
    """A JSON body is also taken with an empty Content-Type."""
    _accept(server, lambda declared: declared == "")


@fault(*_VIOLATES)
def accepts_binary_content_type(server: Server) -> None:
    """A JSON body is also taken as a mere row of bytes."""
    _accept(server, lambda declared: declared == "application/octet-stream")


@fault(*_VIOLATES)
def accepts_multipart_content_type(server: Server) -> None:
    """A JSON body is also taken under the name of a multipart form."""
    _accept(server, lambda declared: (declared or "").startswith("multipart/"))


@fault(*_VIOLATES)
def wants_content_type_to_the_letter(server: Server) -> None:
    """A Content-Type with a charset, or in capital letters, is rejected."""

    def check_type(original: Original, call: Call) -> None:
        original(replace(call, content_type=call.content_type if _plain(call) else None))

    wrap(server.bodies, "check_type", check_type)


def _plain(call: Call) -> bool:
    return call.content_type == "application/json"


@fault(*_VIOLATES)
def takes_any_type_of_new_groups(server: Server) -> None:
    """The Content-Type does not matter where a group is created."""

    def check_type(original: Original, call: Call) -> None:
        if not (call.operation and call.operation.name == "create-group"):
            original(call)

    wrap(server.bodies, "check_type", check_type)


@fault("errors-are-4xx-json")
def returns_content_types_as_html(server: Server) -> None:
    """The rejection of a Content-Type is a page of HTML."""

    def response(original: Original, rejected: Rejected) -> Response:
        reported: Response = original(rejected)
        if rejected.problem is Problem.CONTENT_TYPE:
            return HTMLResponse("<h1>Unsupported</h1>", reported.status_code)
        return reported

    wrap(server.errors, "response", response)
