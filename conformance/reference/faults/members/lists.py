"""Faults: lists of members and groups that are too short."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.entities import Entity, Member, System
    from conformance.reference.steps import Original


@fault("get-members-contains-created")
def lists_one_member_of_a_name(server: Server) -> None:
    """The list shows the last of several members with the same name alone."""

    def members(original: Original, *given: object) -> list[Member]:
        return list({row.fields["name"]: row for row in original(*given)}.values())

    wrap(server.lists, "members", members)


# The rows that are left, and the violated requirement; at 2021-11 a run makes fewer groups.
_LISTS = {
    "members": (10, "get-members-contains-created"),
    "groups": (8, "get-groups-contains-created"),
    "group_members": (10, "add-group-members-takes-effect"),
    "member_groups": (7, "add-member-groups-takes-effect"),
}


def _end_after(name: str, rows: int, server: Server) -> None:
    wrap(server.lists, name, lambda original, *given: original(*given)[:rows])


for _name, (_rows, _violated) in _LISTS.items():
    add(
        f"cuts_{_name}_at_{_rows}",
        f"The list of {_name.replace('_', ' ')} ends after {_rows} rows.",
        [_violated],
        partial(_end_after, _name, _rows),
    )


def _miss_newest(kind: str, server: Server) -> None:
    def listed(original: Original, system: System, viewer: System | None) -> list[Entity]:
        return list(original(system, viewer)[:-1])

    wrap(server.lists, f"{kind}s", listed)


for _model, _violated in (
    ("member", "get-members-contains-created"),
    ("group", "get-groups-contains-created"),
):
    add(
        f"misses_newest_{_model}",
        f"The list of a system lacks the {_model} that was created last.",
        [_violated],
        partial(_miss_newest, _model),
    )
