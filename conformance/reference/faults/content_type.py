"""Faults: bodies that are not declared as JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.reference.errors import Refused
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original

_TRIPS = ["json-body-requires-content-type"]


def _accept(server: Server, accepts: Callable[[str | None], bool]) -> None:
    def check_type(original: Original, call: Call) -> None:
        if not accepts(call.content_type):
            original(call)

    wrap(server.bodies, "check_type", check_type)


@fault("ignores_content_type", trips=_TRIPS)
def _(server: Server) -> None:
    """A JSON body is taken whatever its Content-Type says."""
    _accept(server, lambda _: True)


@fault("accepts_plain_text", trips=_TRIPS)
def _(server: Server) -> None:
    """A JSON body is also taken as text/plain."""
    _accept(server, lambda declared: (declared or "").startswith("text/plain"))


@fault("accepts_missing_content_type", trips=_TRIPS)
def _(server: Server) -> None:
    """A JSON body is also taken without a Content-Type."""
    _accept(server, lambda declared: declared is None)


@fault("accepts_form_content_type", trips=_TRIPS)
def _(server: Server) -> None:
    """A JSON body is also taken as a form."""
    _accept(server, lambda declared: declared == "application/x-www-form-urlencoded")


@fault("applies_body_of_refused_content_type", trips=_TRIPS)
def _(server: Server) -> None:
    """A body with the wrong Content-Type is refused, but only after it was applied."""

    def check_type(original: Original, call: Call) -> None:
        try:
            original(call)
        except Refused:
            server.run(replace(call, content_type="application/json"))
            raise

    wrap(server.bodies, "check_type", check_type)
