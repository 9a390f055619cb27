"""Faults: lists of members and groups that are too short."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from conformance.reference.faults.registry import add, fault

if TYPE_CHECKING:
    from conformance.reference.entities import Entity, Member, System
    from conformance.reference.steps import Original


@fault("get-members-contains-created", step="lists.members")
def lists_one_member_of_a_name(original: Original, *given: object) -> list[Member]:
    """The list shows the last of several members with the same name alone."""
    return list({row.fields["name"]: row for row in original(*given)}.values())


# The rows that are left, and the violated requirement; at 2021-11 a run makes fewer groups.
_LISTS = {
    "members": (10, "get-members-contains-created"),
    "groups": (8, "get-groups-contains-created"),
    "group_members": (10, "add-group-members-takes-effect"),
    "member_groups": (7, "add-member-groups-takes-effect"),
}


def _end_after(rows: int, original: Original, *given: object) -> list[Entity]:
    return list(original(*given)[:rows])


for _name, (_rows, _violated) in _LISTS.items():
    add(
        f"cuts_{_name}_at_{_rows}",
        f"The list of {_name.replace('_', ' ')} ends after {_rows} rows.",
        [_violated],
        partial(_end_after, _rows),
        step=f"lists.{_name}",
    )


def _miss_newest(original: Original, system: System, viewer: System | None) -> list[Entity]:
    return list(original(system, viewer)[:-1])


for _model, _violated in (
    ("member", "get-members-contains-created"),
    ("group", "get-groups-contains-created"),
):
    add(
        f"misses_newest_{_model}",
        f"The list of a system lacks the {_model} that was created last.",
        [_violated],
        _miss_newest,
        step=f"lists.{_model}s",
    )
