"""Faults: memberships after several requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import fault
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
