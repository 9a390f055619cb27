"""Faults: members who front: what stands in the way of their deletion, and what stays or violates in the switch."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.entities import Member, Switch, System
    from conformance.reference.privacy import Place
    from conformance.reference.steps import Original


def _is_in_a_group(member: Member) -> bool:
    return any(member.uuid in group.members for group in member.system.groups.values())


def _fronts(member: Member) -> bool:
    return bool(member.system.switches) and member in member.system.switches[-1].members


def _keep_those_who(are_needed: Callable[[Member], bool], server: Server) -> None:
    def delete(original: Original, member: Member) -> None:
        if are_needed(member):
            raise Rejected(Problem.BAD_REQUEST, "the member is still needed")
        original(member)

    wrap(server.store, "delete_member", delete)


for _name, _description, _needed in (
    ("rejects_to_delete_grouped_member", "is in a group", _is_in_a_group),
    ("rejects_to_delete_fronter", "fronts", _fronts),
):
    add(
        _name,
        f"DELETE of a member who {_description} is rejected.",
        ["delete-member-204"],
        partial(_keep_those_who, _needed),
    )


@fault("get-fronters-returns-switch-with-members")
def fronters_break_when_one_is_deleted(server: Server) -> None:
    """The fronters cannot be shown any more when one of them was deleted."""
    broken: set[str] = set()

    def delete(original: Original, member: Member) -> None:
        if _fronts(member):
            broken.add(member.system.switches[-1].uuid)
        original(member)

    def frame(original: Original, row: Switch) -> dict[str, Any]:
        if row.uuid in broken:
            raise Rejected(Problem.INTERNAL)
        shown: dict[str, Any] = original(row)
        return shown

    wrap(server.store, "delete_member", delete)
    wrap(server.presenter, "switch_frame", frame)


@fault("update-member-persists")
def fronters_keep_old_names(server: Server) -> None:
    """A switch shows its members with the names that they had when it was logged."""
    names: dict[str, dict[str, str]] = {}

    def add_switch(original: Original, *given: Any) -> Switch:
        switch: Switch = original(*given)
        names[switch.uuid] = {one.short_id: one.fields["name"] for one in switch.members}
        return switch

    def shown(
        original: Original, row: Switch, viewer: System | None, place: Place
    ) -> dict[str, Any]:
        reported: dict[str, Any] = original(row, viewer, place)
        known = names.get(row.uuid, {})
        for one in reported["members"]:
            one["name"] = known.get(one["id"], one["name"])
        return reported

    wrap(server.store, "add_switch", add_switch)
    wrap(server.presenter, "switch", shown)
