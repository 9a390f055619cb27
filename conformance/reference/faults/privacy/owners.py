"""Faults: owners who are not recognised by the id format that they use, and others who are taken for them."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from conformance.reference.faults.ids.paths import is_uuid, path_ref
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity, System
    from conformance.reference.steps import Original


def _forget_caller(operation: str, original: Original, call: Call) -> object:
    if call.operation and call.operation.name == operation and is_uuid(path_ref(call)[1]):
        call.caller = None
    return original(call)


for _operation, _violated_by, _what in (
    ("get-system", ["privacy-object-shown-to-owner"], "A system"),
    ("get-member", ["privacy-object-shown-to-owner"], "A member"),
    ("get-group", ["privacy-object-shown-to-owner"], "A group"),
    ("get-system-settings", ["get-settings-owner"], "The settings of a system"),
):
    add(
        f"knows_no_owner_of_{_operation.removeprefix('get-').replace('-', '_')}_by_uuid",
        f"{_what} is shown to its owner as to everybody when it is named by UUID.",
        _violated_by,
        partial(_forget_caller, _operation),
        step="run",
    )


@fault("own-token-opens-private-lists")
def closes_lists_to_owner_by_uuid(server: Server) -> None:
    """The private lists of a system that is named by UUID are closed to its owner, too."""
    lists = ("get-system-members", "get-system-groups", "get-system-switches", "get-fronters")

    def run(original: Original, call: Call) -> object:
        if call.operation and call.operation.name in lists and is_uuid(path_ref(call)[1]):
            call.caller = None
        return original(call)

    wrap(server, "run", run)


@fault("own-token-opens-private-lists")
def closes_lists_to_owner_by_account(server: Server) -> None:
    """The private lists of a system that is named by a Discord account are closed to its owner, too."""
    lists = ("get-system-members", "get-system-groups", "get-system-switches", "get-fronters")

    def run(original: Original, call: Call) -> object:
        if call.operation and call.operation.name in lists and path_ref(call)[1].isdecimal():
            call.caller = None
        return original(call)

    wrap(server, "run", run)


@fault("own-token-opens-private-lists", step="memberships.list_members")
def closes_members_to_owner_by_uuid(original: Original, call: Call) -> object:
    """The private list of a group that is named by its UUID is closed to its owner, too."""
    if len(path_ref(call)[1]) > len("short-id"):
        call.caller = None
    return original(call)


_DASHED = re.compile("[A-Za-z]{3}-[A-Za-z]{3}")


def _is_dashed(ref: str) -> bool:
    return bool(_DASHED.fullmatch(ref))


def _replace_caller_of_dashed(
    server: Server, seen_by: Callable[[System, Call], System | None]
) -> None:
    """Show what is named with a dash as another caller sees it."""

    def run(original: Original, call: Call) -> object:
        kind, ref = path_ref(call)
        if call.method == "GET" and _is_dashed(ref):
            row: Entity
            if kind == "system":
                row = server.references.system(ref, call.caller)
            else:
                row = getattr(server.references, kind)(ref)
            call.caller = seen_by(row.owner, call)
        return original(call)

    wrap(server, "run", run)


@fault("private-field-is-null", "private-list-is-403", only="2025-08")
def opens_what_is_named_with_a_dash(server: Server) -> None:
    """What is named with a dash is shown to everybody as to its owner."""
    _replace_caller_of_dashed(server, lambda owner, _call: owner)


@fault("privacy-object-shown-to-owner", "id-accepted-with-dash", only="2025-08")
def knows_no_owner_of_dashed_ids(server: Server) -> None:
    """What is named with a dash is shown to its owner as to everybody."""
    _replace_caller_of_dashed(server, lambda _owner, _call: None)
