"""Faults: a read that is kept, and shown again after a write, as a server does that forgets to empty its cache there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from conformance.reference.faults.registry import add
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original

# By write: the requirement on its effect, and the reads that show it.
_SHOWN_IN = {
    "update-system": ("update-system-persists", ("get-system",)),
    "create-member": ("get-members-contains-created", ("get-system-members",)),
    "create-group": ("get-groups-contains-created", ("get-system-groups",)),
    "update-member": (
        "update-member-persists",
        (
            "get-member",
            "get-system-members",
            "get-group-members",
            "get-fronters",
            "get-switch",
        ),
    ),
    "update-group": ("update-group-persists", ("get-group", "get-system-groups")),
    "delete-member": (
        "deleted-member-is-gone",
        ("get-member", "get-system-members", "get-group-members", "get-system-groups"),
    ),
    "delete-group": ("deleted-group-is-gone", ("get-group", "get-system-groups")),
    "create-switch": (
        "get-fronters-returns-switch-with-members",
        ("get-fronters", "get-system-switches"),
    ),
    "update-switch": ("update-switch-timestamp", ("get-system-switches", "get-switch")),
    "update-switch-members": (
        "update-switch-members",
        ("get-fronters", "get-system-switches", "get-switch"),
    ),
    "delete-switch": ("deleted-switch-is-gone", ("get-switch",)),
    **{
        f"{verb}-{path}-{listed}": (
            f"{verb}-{path}-{listed}-takes-effect",
            ("get-group-members", "get-member-groups", "get-system-groups"),
        )
        for verb in ("add", "remove", "overwrite")
        for path, listed in (("group", "members"), ("member", "groups"))
    },
}


def _keep(read: str, write: str, server: Server) -> None:
    """Keep what a read returns until another write than this one shows in it."""
    kept: dict[tuple[object, ...], object] = {}

    def run(original: Original, call: Call) -> object:
        asked = call.operation.name if call.operation else ""
        if call.method != "GET":
            if asked != write and read in _SHOWN_IN.get(asked, ("", ()))[1]:
                kept.clear()
            return original(call)
        key = (call.path, tuple(sorted(call.query.items())), id(call.caller))
        if asked != read:
            return original(call)
        if key not in kept:
            kept[key] = original(call)
        return kept[key]

    wrap(server, "run", run)


for _write, (_requirement, _reads) in _SHOWN_IN.items():
    for _read in _reads:
        add(
            f"keeps_{_read}_over_{_write}".replace("-", "_"),
            f"The operation {_write} does not end what is kept of {_read}.",
            [_requirement],
            partial(_keep, _read, _write),
        )
