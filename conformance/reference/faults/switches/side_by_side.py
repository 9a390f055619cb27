"""Faults: switches without members, of one second, and beside the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from datetime import datetime

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Member, Switch, System
    from conformance.reference.steps import Original


@fault("get-switches-returns-list-with-ids", step="lists.switches")
def switches_list_no_switch_outs(original: Original, *given: object) -> list[Switch]:
    """The list of switches leaves out those without members."""
    return [row for row in original(*given) if row.members]


@fault("err-40004", step="switches.check_different")
def new_switch_takes_a_second_switch_out(
    original: Original, switch: Switch, members: list[Member]
) -> None:
    """A switch without members is taken while nobody fronts."""
    if members:
        original(switch, members)


@fault("err-40005", step="switches.check_free")
def seconds_of_switches_are_taken(original: Original, system: System, timestamp: datetime) -> None:
    """No switch can be logged in the second of another one."""
    original(system, timestamp)
    second = timestamp.replace(microsecond=0)
    if any(row.timestamp.replace(microsecond=0) == second for row in system.switches):
        raise Rejected(Problem.TIMESTAMP_TAKEN)


@fault("update-switch-members", step="switches.update_members")
def changed_members_of_old_switch_front(
    server: Server, original: Original, call: Call
) -> dict[str, Any]:
    """PATCH of the members of any switch changes the current one, too."""
    shown: dict[str, Any] = original(call)
    switch = server.store.switches[call.params["switch"]]
    switch.system.switches[-1].members = list(switch.members)
    return shown


def _show_less(server: Server, step: str, key: str | None) -> None:
    def run(original: Original, call: Call) -> dict[str, Any]:
        shown: dict[str, Any] = original(call)
        members = [
            member | {"privacy": None}
            if key is None
            else {name: value for name, value in member.items() if name != key}
            for member in shown["members"]
        ]
        return shown | {"members": members}

    wrap(server.endpoints["switches"], step, run)


for _step in ("create", "update", "update_members"):
    add(
        f"switch_hides_privacy_of_members_after_{_step}",
        f"The member objects in the response to the write {_step} have no privacy object for their owner.",
        ["privacy-object-shown-to-owner"],
        lambda server, step=_step: _show_less(server, step, None),
    )
    add(
        f"switch_lacks_a_key_of_members_after_{_step}",
        f"The member objects in the response to the write {_step} lack the key banner.",
        ["responses-contain-all-keys"],
        lambda server, step=_step: _show_less(server, step, "banner"),
    )
