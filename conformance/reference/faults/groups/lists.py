"""Faults: the lists of groups, of a system and of a member, and the members that listed groups name."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Group, Member, System
    from conformance.reference.presentation import Shown
    from conformance.reference.privacy import Place
    from conformance.reference.steps import Original


@fault("get-groups-with-members", step="presenter.member_uuids")
def lists_members_by_short_id(original: Original, row: Group, viewer: System | None) -> list[str]:
    """With with_members a group has the short ids of its members."""
    return [row.members[uuid].short_id for uuid in original(row, viewer)]


@fault("get-groups-with-members", step="presenter.group_with_members")
def lists_members_of_some_groups(
    server: Server, original: Original, row: Group, viewer: System | None
) -> dict[str, Any]:
    """With with_members an empty group has no key members."""
    found: dict[str, Any] = original(row, viewer)
    return found if found["members"] else server.presenter.group(row, viewer, "list")


@fault("get-groups-without-members", step="queries.flag")
def always_lists_members_of_groups(original: Original, call: Any, name: Any) -> object:
    """Listed groups have the key members without with_members, too."""
    return original(call, name) or True


@fault("get-groups-with-members")
def fails_on_hidden_groups_with_members(server: Server) -> None:
    """With with_members the server fails for others beside a hidden group that has members."""
    groups = server.endpoints["groups"]

    def index(original: Original, call: Call) -> Any:
        hidden = [
            group
            for group in groups.system(call).groups.values()
            if group.members and not server.privacy.lists(group, call.caller)
        ]
        if hidden and server.queries.flag(call, "with_members"):
            raise Rejected(Problem.INTERNAL)
        return original(call)

    wrap(groups, "index", index)


@fault("get-groups-with-members", only="2025-08")
def with_members_is_for_the_owner(server: Server) -> None:
    """Others get the groups without their members with with_members, too."""
    groups = server.endpoints["groups"]

    def index(original: Original, call: Call) -> Any:
        if call.caller is not groups.system(call):
            call.query.pop("with_members", None)
        return original(call)

    wrap(groups, "index", index)


@fault("get-groups-without-members", step="queries.flag")
def lists_members_when_declined(server: Server, _original: Original, call: Call, name: str) -> bool:
    """Any value of with_members, false among them, asks for the members."""
    return server.queries.value(call, name) is not None


@fault("get-groups-with-members", step="presenter.member_uuids")
def cuts_members_of_listed_groups_at_10(original: Original, *given: Any) -> list[str]:
    """With with_members a group names its first 10 members alone."""
    return list(original(*given))[:10]


@fault("deleted-member-is-gone")
def deleted_member_stays_among_uuids(server: Server) -> None:
    """With with_members a group still has the UUIDs of members that were deleted."""
    deleted: dict[str, list[str]] = {}

    def delete(original: Original, member: Member) -> None:
        for group in member.system.groups.values():
            if member.uuid in group.members:
                deleted.setdefault(group.uuid, []).append(member.uuid)
        original(member)

    def uuids(original: Original, row: Group, viewer: System | None) -> list[str]:
        return [*original(row, viewer), *deleted.get(row.uuid, [])]

    wrap(server.store, "delete_member", delete)
    wrap(server.presenter, "member_uuids", uuids)


@fault("deleted-group-is-gone")
def deleted_group_stays_with_members(server: Server) -> None:
    """A member still shows groups that were deleted."""
    deleted: list[Group] = []

    def delete(original: Original, group: Group) -> None:
        deleted.append(group)
        original(group)

    def groups(original: Original, member: Member, viewer: System | None) -> list[Group]:
        return [*original(member, viewer), *(row for row in deleted if member.uuid in row.members)]

    wrap(server.store, "delete_group", delete)
    wrap(server.lists, "member_groups", groups)


@fault("update-group-persists")
def member_groups_are_stale_after_patch(server: Server) -> None:
    """The list of the groups of a member shows each as it was when it was first listed there."""
    seen: dict[Group, Shown] = {}

    def group(original: Original, row: Group, viewer: System | None, place: Place) -> Shown:
        shown: Shown = original(row, viewer, place)
        here = place == "member-groups" and viewer is row.system
        return copy.copy(seen.setdefault(row, shown)) if here else shown

    wrap(server.presenter, "group", group)
