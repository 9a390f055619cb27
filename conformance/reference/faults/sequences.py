"""Faults that show only after several requests in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Group, Member
    from conformance.reference.steps import Original


_TAKES_EFFECT = [
    f"{verb}-{side}-takes-effect"
    for verb in ("add", "overwrite")
    for side in ("group-members", "member-groups")
]


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


@fault(*_TAKES_EFFECT)
def deleting_group_empties_others(server: Server) -> None:
    """Deleting a group takes its members out of all other groups as well."""

    def delete_group(original: Original, group: Group) -> None:
        original(group)
        for other in group.system.groups.values():
            for uuid in group.members:
                other.members.pop(uuid, None)

    wrap(server.store, "delete_group", delete_group)


@fault("patch-preserves-missing-keys")
def third_patch_opens_privacy(server: Server) -> None:
    """Each third PATCH of a member makes its visibility public again."""
    counts: dict[str, int] = {}

    def update(original: Original, call: Call) -> object:
        shown = original(call)
        member = server.references.member(call.params["member"])
        counts[member.uuid] = counts.get(member.uuid, 0) + 1
        if counts[member.uuid] % 3 == 0:
            member.privacy["visibility"] = "public"
        return shown

    wrap(server.endpoints["members"], "update", update)
