"""Faults: what DELETE does to members, and to groups alike."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.ids.paths import has_upper_case, path_ref
from conformance.reference.faults.registry import add, fault
from conformance.reference.faults.switches.fronters import fronts
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity, Member, System
    from conformance.reference.steps import Original


def _keep(kind: str, server: Server) -> None:
    wrap(server.endpoints[f"{kind}s"], "delete", lambda _original, _call: None)


def _delete_with_200(kind: str, server: Server) -> None:
    def delete(original: Original, call: Call) -> object:
        original(call)
        return {"deleted": True}

    wrap(server.endpoints[f"{kind}s"], "delete", delete)


def _find_deleted(kind: str, server: Server) -> None:
    deleted: dict[str, Entity] = {}

    def delete(original: Original, row: Entity) -> None:
        deleted[row.short_id] = deleted[row.uuid] = row
        original(row)

    wrap(server.store, f"delete_{kind}", delete)
    wrap(server.references, kind, lambda original, ref: deleted.get(ref) or original(ref))


def _list_deleted(kind: str, server: Server) -> None:
    deleted: dict[str, list[Entity]] = {}

    def delete(original: Original, row: Entity) -> None:
        deleted.setdefault(row.owner.uuid, []).append(row)
        original(row)

    def listed(original: Original, system: System, viewer: System | None) -> list[Entity]:
        return [*original(system, viewer), *deleted.get(system.uuid, [])]

    wrap(server.store, f"delete_{kind}", delete)
    wrap(server.lists, f"{kind}s", listed)


for _model, _returns_204, _is_gone in (
    ("member", "delete-member-204", "deleted-member-is-gone"),
    ("group", "delete-group-204", "deleted-group-is-gone"),
):
    for _name, _description, _violated, _inject in (
        ("only_pretends_to_delete", "returns 204 and deletes nothing", _is_gone, _keep),
        ("returns_200_to_delete_of", "returns 200", _returns_204, _delete_with_200),
        ("still_finds_deleted", "leaves it where a path can name it", _is_gone, _find_deleted),
        ("still_lists_deleted", "leaves it in the list", _is_gone, _list_deleted),
    ):
        add(
            f"{_name}_{_model}",
            f"DELETE of a {_model} {_description}.",
            [_violated],
            partial(_inject, _model),
        )


def _is_in_a_group(member: Member) -> bool:
    return any(member.uuid in group.members for group in member.system.groups.values())


def _reject_to_delete(
    are_needed: Callable[[Member], bool], original: Original, member: Member
) -> None:
    if are_needed(member):
        raise Rejected(Problem.BAD_REQUEST, "the member is still needed")
    original(member)


for _name, _description, _needed in (
    ("rejects_to_delete_grouped_member", "is in a group", _is_in_a_group),
    ("rejects_to_delete_fronter", "fronts", fronts),
):
    add(
        _name,
        f"DELETE of a member who {_description} is rejected.",
        ["delete-member-204"],
        partial(_reject_to_delete, _needed),
        step="store.delete_member",
    )


@fault("deleted-member-is-gone", step="store.delete_member")
def deleted_member_stays_in_groups(original: Original, member: Member) -> None:
    """A group still lists members that were deleted."""
    groups = [row for row in member.system.groups.values() if member.uuid in row.members]
    original(member)
    for group in groups:
        group.members[member.uuid] = member


def _find_what_was_read_by_uuid(kind: str, server: Server) -> None:
    known: dict[str, Entity] = {}

    def found(original: Original, ref: str) -> Entity:
        if len(ref) > len("abcdef"):
            return known.get(ref) or known.setdefault(ref, original(ref))
        row: Entity = original(ref)
        return row

    wrap(server.references, kind, found)


for _model in ("member", "group"):
    add(
        f"remembers_{_model}_by_uuid",
        f"A {_model} that was read by its UUID is found by it for ever.",
        [f"deleted-{_model}-is-gone"],
        partial(_find_what_was_read_by_uuid, _model),
    )


@fault("deleted-member-is-gone", "deleted-group-is-gone", "id-accepted-uppercase", step="run")
def deletes_in_upper_case_do_nothing(original: Original, call: Call) -> object:
    """DELETE of what is named in upper case returns 204 and deletes nothing."""
    named = call.operation and call.operation.name in ("delete-member", "delete-group")
    return None if named and has_upper_case(path_ref(call)[1]) else original(call)


def _deleted_rows(kind: str, server: Server) -> dict[str, Any]:
    deleted: dict[str, Any] = {}

    def delete(original: Original, row: Entity) -> None:
        deleted[row.uuid] = row
        deleted[row.short_id] = row
        original(row)

    wrap(server.store, f"delete_{kind}", delete)
    return deleted


@fault("deleted-member-is-gone")
def deleted_member_is_found_by_uuid(server: Server) -> None:
    """A member that was deleted is still found by its UUID."""
    deleted = _deleted_rows("member", server)

    def member(original: Original, ref: str) -> Member:
        found: Member = (deleted.get(ref) if len(ref) > len("abc-def") else None) or original(ref)
        return found

    wrap(server.references, "member", member)
