"""Faults: what is left of groups and switches when a member was deleted, or of members when a group was."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.entities import Group, Member
    from conformance.reference.steps import Original


def _left_by_deleted(server: Server) -> set[str]:
    """Return what collects the UUIDs of switches and groups that had a member who was deleted since."""
    left: set[str] = set()

    def delete(original: Original, member: Member) -> None:
        system = member.system
        left.update(row.uuid for row in system.switches if member in row.members)
        left.update(row.uuid for row in system.groups.values() if member.uuid in row.members)
        original(member)

    wrap(server.store, "delete_member", delete)
    return left


def _fail_to_show(place: str, whose: tuple[bool, ...], server: Server) -> None:
    left = _left_by_deleted(server)

    def show(original: Original, row: Any, viewer: object, shown_in: str) -> object:
        if row.uuid in left and shown_in == place and (viewer is row.system) in whose:
            raise Rejected(Problem.INTERNAL)
        return original(row, viewer, shown_in)

    wrap(server.presenter, "switch", show)


for _name, _place, _whose, _description, _violated in (
    (
        "fails_to_show_switch_of_deleted",
        "switch",
        (True, False),
        "The server fails to show a switch",
        "get-switch-returns-switch",
    ),
    (
        "others_get_no_fronters_after_a_delete",
        "fronters",
        (False,),
        "The server fails to show others the fronters",
        "get-fronters-returns-switch-with-members",
    ),
):
    add(
        _name,
        f"{_description} when one of its members was deleted.",
        [_violated],
        partial(_fail_to_show, _place, _whose),
    )


@fault("get-switches-returns-list-with-ids")
def fails_to_list_switch_of_deleted(server: Server) -> None:
    """A listed switch has null for its members when one of them was deleted."""
    left = _left_by_deleted(server)

    def listed(original: Original, row: Any) -> object:
        return original(row) | ({"members": None} if row.uuid in left else {})

    wrap(server.presenter, "listed_switch", listed)


@fault("get-group-members-returns-members")
def others_get_no_group_members_after_a_delete(server: Server) -> None:
    """The server fails to list others the members of a group when one of them was deleted."""
    left = _left_by_deleted(server)

    def listed(original: Original, group: Group, viewer: object) -> object:
        if group.uuid in left and viewer is not group.system:
            raise Rejected(Problem.INTERNAL)
        return original(group, viewer)

    wrap(server.lists, "group_members", listed)


@fault("get-members-contains-created", step="store.delete_group")
def deletes_members_with_their_group(server: Server, original: Original, group: Group) -> None:
    """DELETE of a group deletes its members, too."""
    original(group)
    for member in list(group.members.values()):
        server.store.delete_member(member)
