"""Faults: the members of a switch, and their changes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.identifiers import canonical_uuid
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Member, Switch
    from conformance.reference.steps import Original


@fault("switch-members-ids-or-objects", step="switches.show")
def switch_members_are_an_object(original: Original, call: Call) -> dict[str, Any]:
    """One switch shows its members under their ids."""
    shown: dict[str, Any] = original(call)
    return shown | {"members": {member["id"]: member for member in shown["members"]}}


@fault("update-switch-members", step="switches.members")
def members_are_named_like_the_first(original: Original, refs: list[str], call: Call) -> Any:
    """The members of a switch must all be named by short id, or all by UUID."""
    for ref in refs:
        if (canonical_uuid(ref) is None) != (canonical_uuid(refs[0]) is None):
            raise Rejected(Problem.LISTED_MEMBER_UNKNOWN, ref)
    return original(refs, call)


@fault("switch-members-in-given-order", step="switches.members")
def sorts_changed_members(original: Original, refs: list[str], call: Call) -> list[Member]:
    """The members of a PATCH of a switch are stored in the order of their ids."""
    rows: list[Member] = original(refs, call)
    return sorted(rows, key=lambda row: row.short_id) if call.method == "PATCH" else rows


@fault("update-switch-members")
def changed_members_ignore_empty_list(server: Server) -> None:
    """PATCH of the members of a switch with an empty list leaves them as they were."""
    switches: Any = server.endpoints["switches"]

    def update(original: Original, call: Call) -> Any:
        if server.bodies.refs(call):
            return original(call)
        switch = switches.switch(call, switches.writable_system(call))
        return server.presenter.switch(switch, call.caller, "switch")

    wrap(switches, "update_members", update)


@fault("update-switch-members")
def changed_members_renew_the_switch(server: Server) -> None:
    """PATCH of the members of a switch puts another switch with another id in its place."""
    switches: Any = server.endpoints["switches"]

    def update(original: Original, call: Call) -> Any:
        original(call)
        old = switches.switch(call, switches.writable_system(call))
        server.store.delete_switch(old)
        new = server.store.add_switch(old.system, old.timestamp, old.members)
        return server.presenter.switch(new, call.caller, "switch")

    wrap(switches, "update_members", update)


@fault("update-switch-members")
def changed_members_put_the_switch_off(server: Server) -> None:
    """PATCH of the members of a switch moves it by a minute."""
    switches: Any = server.endpoints["switches"]

    def update(original: Original, call: Call) -> Any:
        shown = original(call)
        switch = switches.switch(call, switches.writable_system(call))
        server.store.move_switch(switch, switch.timestamp + timedelta(minutes=1))
        return shown

    wrap(switches, "update_members", update)


@fault("update-switch-members", step="switches.update_members")
def changed_members_are_added(server: Server, original: Original, call: Call) -> dict[str, Any]:
    """PATCH of the members of a switch adds them to those that it has."""
    switch = server.store.switches.get(call.params["switch"])
    before = list(switch.members) if switch else []
    original(call)
    assert switch  # noqa: S101 - or it would have been rejected
    switch.members = before + [row for row in switch.members if row not in before]
    return server.presenter.switch(switch, call.caller, "switch")


@fault("update-switch-members-only-own", step="switches.switch")
def changed_members_of_any_switch(
    server: Server, original: Original, call: Call, *given: Any, **rest: Any
) -> Switch:
    """PATCH of the members of a switch reaches those of other systems."""
    found = server.store.switches.get(call.params["switch"])
    patched = call.path.endswith("/members") and found is not None
    return found if patched else original(call, *given, **rest)  # type: ignore[return-value] # as the original returns it


@fault("update-switch-members", step="switches.update_members")
def changed_members_lose_all_but_one(
    server: Server, original: Original, call: Call
) -> dict[str, Any]:
    """PATCH of the members of a switch returns all of them and keeps the first."""
    shown: dict[str, Any] = original(call)
    del server.store.switches[call.params["switch"]].members[1:]
    return shown
