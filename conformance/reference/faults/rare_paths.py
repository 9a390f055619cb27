"""Faults of one id format on one route, and of what a route shows to one caller."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity, Member, System
    from conformance.reference.presentation import Shown
    from conformance.reference.privacy import Place
    from conformance.reference.steps import Original

_DASHED = re.compile("[A-Za-z]{3}-[A-Za-z]{3}")
_UNKNOWN = {
    "system": Problem.SYSTEM_UNKNOWN,
    "member": Problem.MEMBER_UNKNOWN,
    "group": Problem.GROUP_UNKNOWN,
}


def _is_dashed(ref: str) -> bool:
    return bool(_DASHED.fullmatch(ref))


def _is_upper(ref: str) -> bool:
    return ref != ref.lower()


def _is_uuid(ref: str) -> bool:
    return len(ref) > len("abc-def") and not ref.isdigit()


def _ref(call: Call) -> tuple[str, str]:
    kind = next((kind for kind in _UNKNOWN if kind in call.params), "")
    return kind, call.params.get(kind, "")


def _unknown(server: Server, operations: tuple[str, ...], test: Callable[[str], bool]) -> None:
    """Let these operations not find what is written so."""

    def run(original: Original, call: Call) -> object:
        kind, ref = _ref(call)
        if call.operation and call.operation.name in operations and test(ref):
            raise Rejected(_UNKNOWN[kind])
        return original(call)

    wrap(server, "run", run)


_DELETES = ("delete-member", "delete-group")
_LISTS = ("get-system-members", "get-system-groups")


@fault("memberref-uuid", "groupref-uuid")
def deletes_take_no_uuids(server: Server) -> None:
    """A member or group that is named by UUID cannot be deleted."""
    _unknown(server, _DELETES, _is_uuid)


@fault("deleted-member-is-gone", "deleted-group-is-gone", "id-accepted-uppercase")
def deletes_in_upper_case_do_nothing(server: Server) -> None:
    """DELETE of what is named in upper case returns 204 and deletes nothing."""

    def run(original: Original, call: Call) -> object:
        named = call.operation and call.operation.name in _DELETES
        return None if named and _is_upper(_ref(call)[1]) else original(call)

    wrap(server, "run", run)


@fault("id-accepted-uppercase")
def system_lists_need_lower_case(server: Server) -> None:
    """A system that is named in upper case is found, but not its members and groups."""
    _unknown(server, _LISTS, _is_upper)


def _owner_of_dashed(server: Server, seen_by: Callable[[System, Call], System | None]) -> None:
    """Let another caller read what is named with a dash."""

    def run(original: Original, call: Call) -> object:
        kind, ref = _ref(call)
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
    _owner_of_dashed(server, lambda owner, _call: owner)


@fault("privacy-object-shown-to-owner", "id-accepted-with-dash", only="2025-08")
def knows_no_owner_of_dashed_ids(server: Server) -> None:
    """What is named with a dash is shown to its owner as to everybody."""
    _owner_of_dashed(server, lambda _owner, _call: None)


@fault("member-system-key", "group-system-key")
def names_system_by_uuid(server: Server) -> None:
    """A member or group that is named by UUID names its system by UUID."""

    def run(original: Original, call: Call) -> Any:
        shown: Any = original(call)
        if call.operation and call.operation.name in ("get-member", "get-group"):
            kind, ref = _ref(call)
            if _is_uuid(ref):
                shown["system"] = getattr(server.references, kind)(ref).system.uuid
        return shown

    wrap(server, "run", run)


@fault("missing-value-is-null", "private-field-keeps-key")
def group_members_lack_nulls_for_others(server: Server) -> None:
    """The list of the members of a group leaves out what is null, unless its owner reads it."""

    def member(original: Original, row: Member, viewer: System | None, place: Place) -> Shown:
        shown: Shown = original(row, viewer, place)
        if place != "group-members" or viewer is row.system:
            return shown
        return {key: value for key, value in shown.items() if value is not None}

    wrap(server.presenter, "member", member)
