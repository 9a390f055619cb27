"""Faults: paths without a version, and parameters of the query.

What is done with limit and before is in ``switches.pages`` and ``switches.lists``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.routing import BASE_PATH
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from starlette.responses import Response

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original


@fault("unversioned-endpoints-removed")
def serves_paths_without_version(server: Server) -> None:
    """Every path is also served without the version."""

    def respond(original: Original, call: Call) -> Response:
        versioned = call.path.startswith(BASE_PATH)
        path = call.path if versioned else BASE_PATH + call.path
        reported: Response = original(replace(call, path=path))
        return reported

    wrap(server, "respond", respond)


@fault("query-params-optional")
def needs_with_members(server: Server) -> None:
    """The list of groups is rejected without with_members."""

    def flag(original: Original, call: Call, name: str) -> bool:
        if name not in call.query:
            raise Rejected(Problem.BAD_REQUEST, f"{name} is missing")
        return bool(original(call, name))

    wrap(server.queries, "flag", flag)


@fault("get-groups-with-members", "query-params-need-value")
def ignores_with_members(server: Server) -> None:
    """The parameter with_members is not read."""
    wrap(server.queries, "flag", lambda _original, _call, _name: False)
