"""Faults: members and groups with private visibility, and private fronters and switches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity, Group, System
    from conformance.reference.privacy import ListName
    from conformance.reference.steps import Original


@fault("member-visibility-private", step="privacy.lists")
def lists_invisible_members(original: Original, row: Any, viewer: Any) -> object:
    """Members with private visibility are listed for everybody."""
    return row.kind.name == "member" or original(row, viewer)


@fault("group-visibility-private", step="privacy.lists")
def lists_invisible_groups(original: Original, row: Any, viewer: Any) -> object:
    """Groups with private visibility are listed for everybody."""
    return row.kind.name == "group" or original(row, viewer)


@fault("member-visibility-private", step="presenter.member_uuids")
def reports_invisible_members_of_groups(
    server: Server, original: Original, row: Group, viewer: System | None
) -> list[str]:
    """Groups that are listed with members name members with private visibility, too."""
    opened = server.privacy.opens("group-members", row, viewer)
    return list(row.members) if opened else original(row, viewer)


@fault("private-switch-404", step="privacy.check_list")
def hides_history_with_403(
    server: Server, original: Original, name: ListName, row: Entity, viewer: System | None
) -> None:
    """One switch of a private history returns 403 instead of 404."""
    if name == "switch" and not server.privacy.opens(name, row, viewer):
        raise Rejected(Problem.HISTORY_HIDDEN)
    original(name, row, viewer)


@fault("private-fronters-403", step="switches.fronters")
def reports_without_switches_that_nobody_fronts(
    server: Server, original: Original, call: Call
) -> object:
    """Private fronters of a system without any switch return 204 to everybody."""
    system = server.references.system(call.params["system"], call.caller)
    return original(call) if system.switches else None


@fault("private-switch-404", step="switches.show")
def private_history_shows_current_switch(server: Server, original: Original, call: Call) -> Any:
    """The current switch of a private history is shown to everybody who knows its id."""
    system = server.references.system(call.params["system"], call.caller)
    if system.switches and system.switches[-1].uuid == call.params["switch"]:
        return server.presenter.switch(system.switches[-1], call.caller, "switch")
    return original(call)


@fault("get-groups-with-members-hides-private-groups", step="groups.index")
def with_members_shows_hidden_groups(server: Server, original: Original, call: Call) -> Any:
    """With with_members groups with private visibility are listed for others, too."""
    listed = original(call)
    if not server.queries.flag(call, "with_members"):
        return listed
    system = server.references.system(call.params["system"], call.caller)
    return [server.presenter.group_with_members(row, call.caller) for row in system.groups.values()]


@fault("get-groups-with-members-hides-private-groups", step="groups.index")
def with_members_fails_beside_hidden_groups(server: Server, original: Original, call: Call) -> Any:
    """With with_members others get a server error where a group has private visibility."""
    system = server.references.system(call.params["system"], call.caller)
    hidden = [row for row in system.groups.values() if not server.privacy.lists(row, call.caller)]
    if hidden and server.queries.flag(call, "with_members"):
        raise Rejected(Problem.INTERNAL)
    return original(call)
