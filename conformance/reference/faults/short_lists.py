"""Faults: lists that end too early."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import add
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original

ROWS = 10
# The rows that are left, and what is broken; at the launch a run makes fewer groups.
_LISTS = {
    "members": (ROWS, "get-members-contains-created"),
    "groups": (8, "get-groups-contains-created"),
    "group_members": (ROWS, "add-group-members-takes-effect"),
    "member_groups": (7, "add-member-groups-takes-effect"),
}


def _cut(name: str, rows: int, server: Server) -> None:
    wrap(server.lists, name, lambda original, *given: original(*given)[:rows])


for _name, (_rows, _violated) in _LISTS.items():
    add(
        f"cuts_{_name}_at_{_rows}",
        f"The list of {_name.replace('_', ' ')} ends after {_rows} rows.",
        [_violated],
        partial(_cut, _name, _rows),
    )


def _default(limit: int, server: Server) -> None:
    def read(original: Original, call: Call) -> int:
        return int(original(call)) if "limit" in call.query else limit

    wrap(server.queries, "limit", read)


for _limit in (25, 50):
    add(
        f"lists_{_limit}_switches_by_default",
        f"Without a limit the list of switches ends after {_limit}.",
        ["get-switches-limit-default-100"],
        partial(_default, _limit),
    )


def _cut_uuids(server: Server) -> None:
    def uuids(original: Original, *given: Any) -> list[str]:
        return list(original(*given))[:ROWS]

    wrap(server.presenter, "member_uuids", uuids)


add(
    f"cuts_members_of_listed_groups_at_{ROWS}",
    f"With with_members a group names its first {ROWS} members alone.",
    ["get-groups-with-members"],
    _cut_uuids,
)
