"""Known deviations: what is checked before the token. The check that comes first is defined last."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from conformance.reference.errors import Problem, Rejected
from conformance.reference.upstream.registry import deviation

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.endpoints.switches import Switches
    from conformance.reference.steps import Original


@deviation(24, only="2025-08", step="authentication.require")
def returns_403_for_named_systems(original: Original, call: Call) -> object:
    """Without a token, a system that is named by anything but @me is 403 instead of 401."""
    if call.caller is None and call.params.get("system", "@me") != "@me":
        raise Rejected(Problem.NOT_YOURS)
    return original(call)


@deviation(25, only="2021-11", step="authentication.require")
def looks_up_deleted_rows_before_tokens(server: Server, original: Original, call: Call) -> object:
    """DELETE of an unknown member or group is 404 even without a token."""
    if call.method == "DELETE" and "member" in call.params:
        server.references.member(call.params["member"])
    if call.method == "DELETE" and "group" in call.params:
        server.references.group(call.params["group"])
    return original(call)


@deviation(153, only="2021-11", step="authentication.require")
def looks_at_switches_before_tokens(server: Server, original: Original, call: Call) -> object:
    """PATCH and DELETE of a switch look at its id and the timestamp before the token."""
    if call.operation and call.operation.name in ("update-switch", "delete-switch"):
        server.references.switch_uuid(call.params["switch"])
    if call.operation and call.operation.name == "update-switch":
        cast("Switches", server.endpoints["switches"]).new_timestamp(call)
    return original(call)


@deviation(17, step="authentication.require")
def reads_bodies_before_tokens(server: Server, original: Original, call: Call) -> object:
    """What is wrong with a body as a whole is reported before the token and the owner are checked."""
    bind(server, call)
    return original(call)


def bind(server: Server, call: Call) -> None:
    """Read the body in the form that the operation needs, or reject it."""
    if call.method not in ("POST", "PATCH") or call.operation is None:
        return
    if call.operation.area == "memberships" or call.operation.name == "update-switch-members":
        server.bodies.refs(call, empty_allowed=not call.path.endswith(("/add", "/remove")))
    else:
        server.bodies.mapping(call)
