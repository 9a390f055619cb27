"""Faults: memberships after several requests."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Group, Member, System
    from conformance.reference.steps import Original


@fault("add-group-members-takes-effect")
def readded_member_is_listed_twice(server: Server) -> None:
    """A member that is added to a group again is listed twice."""
    twice: set[tuple[str, str]] = set()
    memberships: Any = server.endpoints["memberships"]

    def join(original: Original, group: Group, member: Member) -> None:
        if member.uuid in group.members:
            twice.add((group.uuid, member.uuid))
        original(group, member)

    def listed(original: Original, group: Group, viewer: System | None) -> list[Member]:
        rows = original(group, viewer)
        return [row for row in rows for _ in range(1 + ((group.uuid, row.uuid) in twice))]

    wrap(memberships, "join", join)
    wrap(server.lists, "group_members", listed)


@fault("add-group-members-takes-effect", "add-member-groups-takes-effect")
def adding_stops_at_one_who_is_there(server: Server) -> None:
    """A list to add is carried out up to the first entry that is there already."""
    memberships: Any = server.endpoints["memberships"]

    def add_members(_original: Original, call: Call) -> None:
        group = memberships.own_group(call)
        for member in memberships.members(call, empty_allowed=False):
            if member.uuid in group.members:
                return
            memberships.join(group, member)

    def add_groups(_original: Original, call: Call) -> None:
        member = memberships.own_member(call)
        for group in memberships.groups(call, empty_allowed=False):
            if member.uuid in group.members:
                return
            memberships.join(group, member)

    wrap(memberships, "add_members", add_members)
    wrap(memberships, "add_groups", add_groups)


_TAKES_EFFECT = (
    "add-group-members-takes-effect",
    "add-member-groups-takes-effect",
    "overwrite-group-members-takes-effect",
    "overwrite-member-groups-takes-effect",
)


@fault(*_TAKES_EFFECT)
def rejoining_is_forgotten(server: Server) -> None:
    """A member that was taken out of a group does not come back into it, though adding returns 204."""
    memberships: Any = server.endpoints["memberships"]
    left: set[tuple[str, str]] = set()

    def leave(original: Original, group: Group, member: Member) -> None:
        if member.uuid in group.members:
            left.add((group.uuid, member.uuid))
        original(group, member)

    def join(original: Original, group: Group, member: Member) -> None:
        if (group.uuid, member.uuid) not in left:
            original(group, member)

    wrap(memberships, "leave", leave)
    wrap(memberships, "join", join)


@fault(*_TAKES_EFFECT, step="store.delete_group")
def deleting_group_empties_others(original: Original, group: Group) -> None:
    """Deleting a group takes its members out of all other groups as well."""
    original(group)
    for other in group.system.groups.values():
        for uuid in group.members:
            other.members.pop(uuid, None)


@fault("remove-group-members-takes-effect")
def removing_takes_out_of_all_groups(server: Server) -> None:
    """Removing members from a group takes them out of their other groups as well."""
    memberships: Any = server.endpoints["memberships"]

    def remove_members(original: Original, call: Call) -> None:
        original(call)
        for member in memberships.members(call, empty_allowed=False):
            for group in member.system.groups.values():
                memberships.leave(group, member)

    wrap(memberships, "remove_members", remove_members)


@fault("remove-member-groups-takes-effect")
def removing_empties_the_group(server: Server) -> None:
    """Taking a member out of groups empties these groups."""
    memberships: Any = server.endpoints["memberships"]

    def remove_groups(original: Original, call: Call) -> None:
        original(call)
        for group in memberships.groups(call, empty_allowed=False):
            group.members.clear()

    wrap(memberships, "remove_groups", remove_groups)


@fault("add-group-members-takes-effect")
def adding_to_a_group_leaves_the_others(server: Server) -> None:
    """A member that is added to a group is taken out of its other groups: it can be in one only."""
    memberships: Any = server.endpoints["memberships"]

    def add_members(original: Original, call: Call) -> None:
        for member in memberships.members(call, empty_allowed=False):
            for group in member.system.groups.values():
                memberships.leave(group, member)
        original(call)

    wrap(memberships, "add_members", add_members)


@fault("overwrite-group-members-takes-effect", "overwrite-member-groups-takes-effect")
def overwriting_takes_out_what_is_there(server: Server) -> None:
    """Overwriting a list takes out what it names when that is there already."""
    memberships: Any = server.endpoints["memberships"]

    def overwrite_members(_original: Original, call: Call) -> None:
        group, before = memberships.own_group(call), set(memberships.own_group(call).members)
        wanted = memberships.members(call, empty_allowed=True)
        group.members.clear()
        for member in wanted:
            if member.uuid not in before or len(wanted) != len(before):
                memberships.join(group, member)

    def overwrite_groups(_original: Original, call: Call) -> None:
        member = memberships.own_member(call)
        wanted = memberships.groups(call, empty_allowed=True)
        before = [g for g in member.system.groups.values() if member.uuid in g.members]
        for group in before:
            memberships.leave(group, member)
        for group in wanted:
            if group not in before or len(wanted) != len(before):
                memberships.join(group, member)

    wrap(memberships, "overwrite_members", overwrite_members)
    wrap(memberships, "overwrite_groups", overwrite_groups)


def _reject_absent(side: str, server: Server) -> None:
    memberships: Any = server.endpoints["memberships"]

    def remove(original: Original, call: Call) -> None:
        listed = getattr(memberships, side)(call, empty_allowed=False)
        if side == "members":
            present = memberships.own_group(call).members
            absent = all(member.uuid not in present for member in listed)
        else:
            member = memberships.own_member(call)
            absent = all(member.uuid not in group.members for group in listed)
        if absent:
            raise Rejected(Problem.BAD_REQUEST)
        original(call)

    wrap(memberships, f"remove_{side}", remove)


for _side, _rule in (
    ("members", "remove-group-members-204"),
    ("groups", "remove-member-groups-204"),
):
    add(
        f"rejects_removing_absent_{_side}",
        f"Removing {_side} of which none is there is rejected.",
        [_rule],
        partial(_reject_absent, _side),
    )


def _first_seven(server: Server, verb: str, side: str) -> None:
    memberships: Any = server.endpoints["memberships"]

    def carry_out(original: Original, call: Call) -> None:
        refs = server.bodies.refs(call)
        call.body = json.dumps(refs[:7]).encode()
        original(call)

    wrap(memberships, f"{verb}_{side}", carry_out)


for _verb, _side, _rule in (
    ("overwrite", "members", "overwrite-group-members-takes-effect"),
    ("remove", "members", "remove-group-members-takes-effect"),
    ("overwrite", "groups", "overwrite-member-groups-takes-effect"),
    ("remove", "groups", "remove-member-groups-takes-effect"),
    ("add", "groups", "add-member-groups-takes-effect"),
):
    add(
        f"takes_seven_{_side}_to_{_verb}",
        f"Of a list of {_side} to {_verb} only the first seven are looked at.",
        [_rule],
        partial(_first_seven, verb=_verb, side=_side),
    )
