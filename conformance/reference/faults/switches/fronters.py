"""Faults: the fronters of a system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Member, Switch, System
    from conformance.reference.steps import Original


def fronts(member: Member) -> bool:
    """Return whether a member is in the current switch of its system."""
    return bool(member.system.switches) and member in member.system.switches[-1].members


@fault("switch-members-objects-in-fronters")
def fronters_are_ids(server: Server) -> None:
    """The fronters are shown by id."""
    presenter = server.presenter

    def fronters(original: Original, call: Call) -> dict[str, Any] | None:
        original(call)
        switches = server.references.system(call.params["system"], call.caller).switches
        return presenter.listed_switch(switches[-1]) if switches else None

    wrap(server.endpoints["switches"], "fronters", fronters)


@fault("create-switch-becomes-fronters", "create-switch-empty-members", step="switches.fronters")
def fronters_are_of_oldest_switch(
    server: Server, _original: Original, call: Call
) -> dict[str, Any] | None:
    """The fronters are those of the oldest switch."""
    switches = server.references.system(call.params["system"], call.caller).switches
    return server.presenter.switch(switches[0], call.caller, "fronters") if switches else None


@fault("create-switch-becomes-fronters", step="switches.fronters")
def fronters_are_those_before_the_newest(
    server: Server, original: Original, call: Call
) -> dict[str, Any] | None:
    """The fronters are those before the newest switch, unless nobody fronts in that."""
    switches = server.references.system(call.params["system"], call.caller).switches
    if len(switches) > 1 and switches[-1].members:
        return server.presenter.switch(switches[-2], call.caller, "fronters")
    shown: dict[str, Any] | None = original(call)
    return shown


@fault("get-fronters-none-204", step="switches.fronters")
def no_fronters_is_empty_object(original: Original, call: Any) -> object:
    """Without any switch the fronters are an empty object."""
    return original(call) or {}


@fault("get-fronters-none-204", step="switches.fronters")
def no_fronters_is_404(original: Original, call: Call) -> object:
    """Without any switch the fronters are 404."""
    response: object = original(call)
    if response is None:
        raise Rejected(Problem.SWITCH_UNAVAILABLE)
    return response


@fault(
    "get-fronters-returns-switch-with-members",
    "create-switch-becomes-fronters",
    step="switches.fronters",
)
def fronters_are_last_logged(
    server: Server, _original: Original, call: Call
) -> dict[str, Any] | None:
    """The fronters are those of the switch that was logged last, whatever its time."""
    system = server.references.system(call.params["system"], call.caller)
    server.privacy.check_list("fronters", system, call.caller)
    logged = [row for row in server.store.switches.values() if row.system is system]
    return server.presenter.switch(logged[-1], call.caller, "fronters") if logged else None


@fault("update-switch-members")
def fronters_keep_old_members(server: Server) -> None:
    """The fronters do not show a change of members."""
    seen: dict[str, Any] = {}

    def fronters(original: Original, call: Call) -> dict[str, Any] | None:
        shown: dict[str, Any] | None = original(call)
        return shown and shown | {"members": seen.setdefault(shown["id"], shown["members"])}

    wrap(server.endpoints["switches"], "fronters", fronters)


@fault("deleted-switch-is-gone")
def fronters_keep_deleted_switch(server: Server) -> None:
    """The fronters show a switch that was deleted until there is a newer one."""
    newest: list[dict[str, Any]] = []

    def fronters(original: Original, call: Call) -> dict[str, Any] | None:
        shown: dict[str, Any] | None = original(call)
        if shown is None or call.params["system"] != "@me":
            return shown
        if not newest or shown["timestamp"] >= newest[-1]["timestamp"]:
            newest.append(shown)
        return newest[-1]

    wrap(server.endpoints["switches"], "fronters", fronters)


@fault(
    "get-fronters-returns-switch-with-members",
    "get-switch-returns-switch",
    "get-switches-returns-list-with-ids",
)
def fronters_break_when_one_is_deleted(server: Server) -> None:
    """The fronters cannot be shown any more when one of them was deleted."""
    unshowable: set[str] = set()

    def delete(original: Original, member: Member) -> None:
        if fronts(member):
            unshowable.add(member.system.switches[-1].uuid)
        original(member)

    def frame(original: Original, row: Switch) -> object:
        if row.uuid in unshowable:
            raise Rejected(Problem.INTERNAL)
        return original(row)

    wrap(server.store, "delete_member", delete)
    wrap(server.presenter, "switch_frame", frame)


@fault("create-switch-empty-members", step="switches.fronters")
def switch_out_has_no_fronters(original: Original, call: Call) -> dict[str, Any] | None:
    """The fronters after a switch-out return 204, as if there were no switch."""
    shown: dict[str, Any] | None = original(call)
    return shown if shown and shown["members"] else None


def _current_switches(server: Server) -> dict[str, Switch]:
    """Keep the current switch of each system, as it is when one is logged or deleted."""
    current: dict[str, Switch] = {}

    def note(system: System) -> None:
        current.pop(system.uuid, None)
        if system.switches:
            current[system.uuid] = system.switches[-1]

    def add(original: Original, system: System, *given: Any) -> Any:
        added = original(system, *given)
        note(system)
        return added

    def delete(original: Original, switch: Switch) -> None:
        original(switch)
        note(switch.system)

    wrap(server.store, "add_switch", add)
    wrap(server.store, "delete_switch", delete)
    return current


@fault("update-switch-timestamp")
def fronters_do_not_see_moves(server: Server) -> None:
    """The fronters stay the same when the current switch is moved behind another one."""
    current = _current_switches(server)

    def fronters(original: Original, call: Call) -> Any:
        shown = original(call)
        known = current.get(server.references.system(call.params["system"], call.caller).uuid)
        return server.presenter.switch(known, call.caller, "fronters") if known else shown

    wrap(server.endpoints["switches"], "fronters", fronters)
