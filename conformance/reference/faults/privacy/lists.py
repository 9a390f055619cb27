"""Faults: lists that are private as a whole. Members and groups that lists leave out are in ``visibility``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.privacy import LISTS
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity, System
    from conformance.reference.privacy import ListName
    from conformance.reference.steps import Original

_VIOLATED_BY: dict[ListName, list[str]] = {
    "members": ["private-member-list-403", "err-30001"],
    "groups": ["private-group-list-403", "err-30002"],
    "group-members": ["group-list-privacy", "err-30003"],
    "fronters": ["private-fronters-403", "err-30004"],
    "switches": ["private-switches-403", "err-30005"],
    "switch": ["private-switch-404", "err-20008"],
}


def _open(
    name: ListName, original: Original, checked: ListName, row: Entity, viewer: System | None
) -> None:
    if checked != name:
        original(checked, row, viewer)


for _name, _violated_by in _VIOLATED_BY.items():
    add(
        f"opens_private_{_name.replace('-', '_')}",
        f"What is private as a whole is shown to others: {_name}.",
        _violated_by,
        partial(_open, _name),
        step="privacy.check_list",
    )


@fault("private-member-groups-403", step="memberships.list_groups")
def opens_private_groups_of_members(server: Server, original: Original, call: Call) -> object:
    """The groups of a member are shown to others although the list of groups is private."""
    privacy, key = (
        server.references.member(call.params["member"]).system.privacy,
        "group_list_privacy",
    )
    kept, privacy[key] = privacy[key], "public"
    try:
        return original(call)
    finally:
        privacy[key] = kept


_HIDDEN = {problem for name, (_, problem) in LISTS.items() if name != "switch"}


@fault("private-list-is-403", "private-member-list-403", "private-switches-403", step="handle")
def empties_private_lists(original: Original, call: Call) -> object:
    """A private list returns 200 with an empty list."""
    try:
        return original(call)
    except Rejected as rejected:
        if rejected.problem in _HIDDEN:
            return []
        raise


@fault("private-list-is-403", "private-member-list-403", step="errors.status")
def returns_private_lists_with_404(original: Original, rejected: Rejected) -> int:
    """A private list returns 404."""
    return 404 if rejected.problem in _HIDDEN else int(original(rejected))


@fault("private-list-is-403", "private-member-list-403", step="errors.status")
def returns_private_lists_with_401(original: Original, rejected: Rejected) -> int:
    """A private list returns 401."""
    return 401 if rejected.problem in _HIDDEN else int(original(rejected))


@fault("err-30001", "err-30002", "err-30003", "err-30004", "err-30005", step="errors.body")
def returns_private_lists_with_code_0(original: Original, rejected: Rejected) -> dict[str, Any]:
    """The rejection of a private list has the code 0."""
    reported: dict[str, Any] = original(rejected)
    return reported | {"code": 0} if rejected.problem in _HIDDEN else reported


@fault("own-token-opens-private-lists", step="privacy.opens")
def rejects_private_lists_to_owner(
    _original: Original, name: ListName, row: Entity, _viewer: System | None
) -> bool:
    """A private list is rejected for the own system, too."""
    return row.privacy[LISTS[name][0]] != "private"


@fault("foreign-token-does-not-open-privacy", step="privacy.opens")
def opens_private_lists_to_any_token(
    original: Original, name: ListName, row: Entity, viewer: System | None
) -> bool:
    """Any valid token opens private lists, not only that of the own system."""
    return viewer is not None or bool(original(name, row, viewer))


@fault("private-fronters-403", "private-switches-403")
def mixes_up_front_privacy(server: Server) -> None:
    """The keys for fronters and for the switch history work the other way round."""
    swapped: dict[str, str] = {"fronters": "switches", "switches": "fronters"}

    def check_list(_original: Original, name: ListName, row: Entity, viewer: System | None) -> None:
        if not server.privacy.opens(swapped.get(name, name), row, viewer):  # type: ignore[arg-type] # rows and viewers are entities
            raise Rejected(LISTS[name][1])

    wrap(server.privacy, "check_list", check_list)


@fault("group-list-privacy-covers-with-members", step="presenter.member_uuids")
def reports_members_of_closed_groups(_original: Original, row: Any, _viewer: object) -> object:
    """With with_members everybody sees the members of a group whose list is private."""
    return list(row.members)


def _open_when_empty(
    closed: str,
    is_empty: Callable[[Any], bool],
    original: Original,
    name: str,
    row: Any,
    *rest: Any,
) -> None:
    if name != closed or not is_empty(row):
        original(name, row, *rest)


def _nobody_fronts(system: System) -> bool:
    return bool(system.switches) and not system.switches[-1].members


for _name, _fault, _is_empty in (
    ("members", "members_of_nobody_are_public", lambda system: not system.members),
    ("groups", "groups_of_nobody_are_public", lambda system: not system.groups),
    ("switches", "history_of_nothing_is_public", lambda system: not system.switches),
    ("fronters", "fronters_after_switch_out_are_public", _nobody_fronts),
    ("group-members", "list_of_empty_group_is_public", lambda group: not group.members),
):
    add(
        _fault,
        f"The private list of {_name} is shown to everybody while there is nothing in it.",
        _VIOLATED_BY[_name][:1],
        partial(_open_when_empty, _name, _is_empty),
        step="privacy.check_list",
    )
