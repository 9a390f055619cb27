"""Faults: switches that are not rejected, or rejected and logged all the same."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from conformance.reference import moments
from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.faults.switches.creation import replace_step
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Member
    from conformance.reference.steps import Original


@fault("err-40003", step="switches.members")
def switch_takes_duplicates(
    server: Server, _original: Original, refs: list[str], call: Call
) -> list[Member]:
    """A member can be listed twice."""
    return server.references.listed_members(refs, call)


@fault("err-40004")
def switch_takes_same_fronters(server: Server) -> None:
    """A switch to those who front already is logged."""
    replace_step(server, "check_different", None)


@fault("err-40005")
def switch_takes_taken_timestamp(server: Server) -> None:
    """Two switches can have the same timestamp."""
    replace_step(server, "check_free", None)


@fault("errors-are-4xx-json")
def fails_on_switches_without_members(server: Server) -> None:
    """A new switch without the key members makes the server fail."""

    def listed_refs(original: Original, body: dict[str, Any]) -> list[str]:
        if "members" not in body:
            raise Rejected(Problem.INTERNAL)
        refs: list[str] = original(body)
        return refs

    wrap(server.endpoints["switches"], "listed_refs", listed_refs)


@fault("err-40003")
def rejected_switch_is_logged(server: Server) -> None:
    """A new switch with a member twice is rejected, and logged all the same."""
    switches = server.endpoints["switches"]

    def create(original: Original, call: Call) -> object:
        try:
            return original(call)
        except Rejected as rejected:
            if rejected.problem is Problem.DUPLICATE_MEMBERS:
                body = server.bodies.mapping(call)
                members = server.references.listed_members(body["members"], call)
                time = switches.timestamp(call, body)  # type: ignore[attr-defined] # an endpoint that a fault reaches into
                server.store.add_switch(call.caller, time or moments.now(), members)  # type: ignore[arg-type] # the caller owns a system
            raise

    wrap(switches, "create", create)


@fault("err-40004", step="switches.create")
def repeated_switch_is_logged(server: Server, original: Original, call: Call) -> object:
    """A new switch to those who front already is rejected, and logged all the same."""
    try:
        return original(call)
    except Rejected as rejected:
        if rejected.problem is Problem.SAME_FRONTERS and call.caller:
            members = list(call.caller.switches[-1].members)
            server.store.add_switch(call.caller, moments.now(), members)
        raise


@fault("err-40004", step="switches.create")
def fronters_are_compared_as_text(server: Server, original: Original, call: Call) -> object:
    """A new switch that names those who front already by UUID is logged."""
    refs = server.bodies.mapping(call).get("members") or []
    if not any("-" in str(ref) for ref in refs):
        return original(call)
    members = server.endpoints["switches"].members(refs, call)  # type: ignore[attr-defined] # an endpoint that a fault reaches into
    body, system = server.bodies.mapping(call), call.caller
    assert system  # noqa: S101 - or its members would not have been found
    time = server.endpoints["switches"].timestamp(call, body)  # type: ignore[attr-defined] # an endpoint that a fault reaches into
    switch = server.store.add_switch(system, time or moments.now(), members)
    return server.presenter.switch(switch, system, "create")


@fault("err-40003", step="switches.members")
def duplicates_are_found_side_by_side(
    server: Server, _original: Original, refs: list[str], call: Call
) -> list[Member]:
    """A member can be listed twice with another one in between."""
    found = server.references.listed_members(refs, call)
    if any(one is other for one, other in pairwise(found)):
        raise Rejected(Problem.DUPLICATE_MEMBERS)
    return found


@fault("err-40006", step="references.switch_uuid")
def switch_ref_is_unknown_when_no_uuid(original: Original, ref: str) -> str:
    """A switch ref that is no UUID returns 404."""
    try:
        found: str = original(ref)
    except Rejected:
        raise Rejected(Problem.SWITCH_UNAVAILABLE) from None
    return found


@fault("switch-of-another-system-404", step="switches.show")
def switch_of_another_system_is_shown(server: Server, original: Original, call: Call) -> object:
    """A switch is read below every system."""
    system = server.references.system(call.params["system"], call.caller)
    switch = server.store.switches.get(call.params["switch"])
    if switch is None or switch.system is system:
        return original(call)
    return server.presenter.switch(switch, call.caller, "switch")


@fault("err-40003", step="switches.members")
def fails_on_member_by_both_ids(original: Original, refs: list[str], call: Call) -> object:
    """A member that is listed by its short id and its UUID makes the server fail."""
    try:
        return original(refs, call)
    except Rejected as rejected:
        if rejected.problem is Problem.DUPLICATE_MEMBERS and len(set(refs)) == len(refs):
            raise Rejected(Problem.INTERNAL) from None
        raise
