"""Faults: memberships that are added, removed and overwritten, from the side of the group and of the member."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Group, Member, System
    from conformance.reference.steps import Original

_SIDES = ("members", "groups")
_EDITS = {
    ("add", "members"): ("add-group-members-takes-effect", "add-group-members-204"),
    ("remove", "members"): ("remove-group-members-takes-effect", "remove-group-members-204"),
    ("overwrite", "members"): (
        "overwrite-group-members-takes-effect",
        "overwrite-group-members-204",
    ),
    ("add", "groups"): ("add-member-groups-takes-effect", "add-member-groups-204"),
    ("remove", "groups"): ("remove-member-groups-takes-effect", "remove-member-groups-204"),
    ("overwrite", "groups"): (
        "overwrite-member-groups-takes-effect",
        "overwrite-member-groups-204",
    ),
}


def _do_nothing(verb: str, side: str, server: Server) -> None:
    memberships: Any = server.endpoints["memberships"]

    def handler(_original: Original, call: Call) -> None:
        memberships.own_group(call) if side == "members" else memberships.own_member(call)
        getattr(memberships, side)(call, empty_allowed=verb == "overwrite")

    wrap(memberships, f"{verb}_{side}", handler)


def _return_200(original: Original, call: Call) -> object:
    return original(call) or {}


for (_verb, _side), (_takes_effect, _returns_204) in _EDITS.items():
    add(
        f"only_pretends_to_{_verb}_{_side}",
        f"A request to {_verb} {_side} returns 204 and changes nothing.",
        [_takes_effect],
        partial(_do_nothing, _verb, _side),
    )
    add(
        f"returns_200_to_{_verb}_{_side}",
        f"A request to {_verb} {_side} returns 200 with an object.",
        [_returns_204],
        _return_200,
        step=f"memberships.{_verb}_{_side}",
    )


def _run_instead(handler: str, memberships: Any, _original: Original, call: Call) -> object:
    response: object = getattr(memberships, handler)(call)
    return response


@fault("add-group-members-takes-effect", "add-member-groups-takes-effect")
def replaces_on_add(server: Server) -> None:
    """Adding does what overwriting should do."""
    memberships: Any = server.endpoints["memberships"]
    for side in _SIDES:
        wrap(memberships, f"add_{side}", partial(_run_instead, f"overwrite_{side}", memberships))


@fault(
    "overwrite-group-members-takes-effect",
    "overwrite-member-groups-takes-effect",
    "overwrite-group-members-empty",
    "overwrite-member-groups-empty",
)
def adds_on_overwrite(server: Server) -> None:
    """Overwriting takes nobody out."""
    memberships: Any = server.endpoints["memberships"]

    def overwrite(_original: Original, call: Call, *, side: str) -> None:
        if server.bodies.refs(call):
            getattr(memberships, f"add_{side}")(call)

    for side in _SIDES:
        wrap(memberships, f"overwrite_{side}", partial(overwrite, side=side))


@fault("remove-group-members-takes-effect", "remove-member-groups-takes-effect")
def removes_all_on_remove(server: Server) -> None:
    """Removing some takes all out."""

    def remove_members(original: Original, call: Call) -> None:
        original(call)
        server.references.group(call.params["group"]).members.clear()

    def remove_groups(original: Original, call: Call) -> None:
        original(call)
        member = server.references.member(call.params["member"])
        for group in member.system.groups.values():
            group.members.pop(member.uuid, None)

    wrap(server.endpoints["memberships"], "remove_members", remove_members)
    wrap(server.endpoints["memberships"], "remove_groups", remove_groups)


@fault("overwrite-group-members-empty", "overwrite-member-groups-empty")
def ignores_empty_overwrite(server: Server) -> None:
    """Overwriting with an empty list returns 204 and changes nothing."""
    for side in _SIDES:
        wrap(
            server.endpoints["memberships"],
            f"overwrite_{side}",
            lambda original, call: original(call) if server.bodies.refs(call) else None,
        )


@fault("overwrite-group-members-empty", "overwrite-member-groups-empty")
def rejects_empty_overwrite(server: Server) -> None:
    """Overwriting with an empty list is rejected."""
    wrap(
        server.bodies,
        "refs",
        lambda original, call, *, empty_allowed=True: original(
            call, empty_allowed=empty_allowed and not call.path.endswith("/overwrite")
        ),
    )


@fault("membership-symmetric")
def shows_memberships_of_groups_alone(server: Server) -> None:
    """A member shows no groups that it was put into from the side of the group."""
    hidden: set[tuple[Group, Member]] = set()
    memberships: Any = server.endpoints["memberships"]

    def add_members(original: Original, call: Call) -> None:
        original(call)
        group = server.references.group(call.params["group"])
        hidden.update((group, member) for member in group.members.values())

    def add_groups(original: Original, call: Call) -> None:
        original(call)
        member = server.references.member(call.params["member"])
        hidden.difference_update((group, member) for group in member.system.groups.values())

    def member_groups(original: Original, member: Member, viewer: System | None) -> list[Group]:
        return [group for group in original(member, viewer) if (group, member) not in hidden]

    wrap(memberships, "add_members", add_members)
    wrap(memberships, "add_groups", add_groups)
    wrap(memberships, "overwrite_groups", add_groups)
    wrap(server.lists, "member_groups", member_groups)


@fault("add-group-members-takes-effect")
def adds_five_at_most(server: Server) -> None:
    """Only the first five entries of a list to add are added."""
    memberships: Any = server.endpoints["memberships"]

    def members(original: Original, call: Call, *, empty_allowed: bool) -> list[Member]:
        found: list[Member] = original(call, empty_allowed=empty_allowed)
        return found[:5]

    wrap(memberships, "members", members)


@fault("overwrite-group-members-takes-effect")
def overwriting_loses_members_that_stay(server: Server) -> None:
    """Overwriting the members of a group loses those that stay, where it takes others out."""

    def overwrite(original: Original, call: Call) -> None:
        group = server.references.group(call.params["group"])
        before = dict(group.members)
        original(call)
        if before.keys() - group.members.keys():
            for uuid in before:
                group.members.pop(uuid, None)

    wrap(server.endpoints["memberships"], "overwrite_members", overwrite)


@fault("remove-member-groups-takes-effect")
def removing_all_groups_changes_nothing(server: Server) -> None:
    """Removing a member from all of its groups, of which there are several, changes nothing."""
    memberships: Any = server.endpoints["memberships"]

    def remove(original: Original, call: Call) -> None:
        member = memberships.own_member(call)
        mine = [group for group in member.system.groups.values() if member.uuid in group.members]
        original(call)
        left = [group for group in mine if member.uuid in group.members]
        for group in mine if len(mine) > 1 and not left else ():
            group.members[member.uuid] = member

    wrap(memberships, "remove_groups", remove)


@fault("membership-symmetric")
def keeps_groups_of_members_through_overwrites(server: Server) -> None:
    """The groups of a member are those of the last read until a write that does not overwrite the members of a group."""
    known: dict[tuple[str, bool], Any] = {}

    def run(original: Original, call: Call) -> object:
        name = call.operation.name if call.operation else ""
        if call.method != "GET" and name != "overwrite-group-members":
            known.clear()
        if name != "get-member-groups":
            return original(call)
        key = (call.path, call.caller is None)
        known[key] = known[key] if key in known else original(call)
        return known[key]

    wrap(server, "run", run)
