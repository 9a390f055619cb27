"""Faults that show in one state: after a certain change, beside a certain neighbour, from a certain number on."""

from __future__ import annotations

import copy
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference import moments
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity, Group, Member, Row, System
    from conformance.reference.errors import ErrorMap
    from conformance.reference.models import Kind
    from conformance.reference.presentation import Shown
    from conformance.reference.privacy import Place
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch

_ADDED_AT_ONCE = 5


def _merge_after(changed: Any, server: Server) -> None:
    def merge(original: Original, row: Row, patch: Patch) -> Row:
        before = dict(row.fields)
        merged: Row = original(row, patch)
        changed(merged, patch, before)
        return merged

    wrap(server.updates, "merge", merge)


@fault("patch-preserves-missing-keys")
def display_name_follows_name(server: Server) -> None:
    """A display name that is the name changes with it."""

    def changed(row: Row, patch: Patch, before: dict[str, Any]) -> None:
        old = before.get("name")
        same = old is not None and before.get("display_name") == old
        if same and "name" in patch.fields and "display_name" not in patch.fields:
            row.fields["display_name"] = patch.fields["name"]

    _merge_after(changed, server)


@fault("errors-are-4xx-json")
def rejected_privacy_value_stores_the_others(server: Server) -> None:
    """A PATCH that is rejected for one privacy key is carried out for the others."""
    rows: list[Row] = []

    def run(original: Original, call: Call) -> object:
        kind = next((kind for kind in ("member", "group") if kind in call.params), "")
        indexes: dict[str, Any] = {"member": server.store.members, "group": server.store.groups}
        row = indexes[kind].find(call.params[kind]) if kind else call.caller
        rows[:] = [row] if row and call.method == "PATCH" and row.owner is call.caller else []
        return original(call)

    def read_privacy(
        original: Original, kind: Kind, value: object, patch: Patch, errors: ErrorMap
    ) -> None:
        original(kind, value, patch, errors)
        for row in rows:
            if errors and row.kind is kind:
                row.privacy.update(patch.privacy)

    wrap(server, "run", run)
    wrap(server.validation, "read_privacy", read_privacy)


@fault("get-members-contains-created")
def lists_one_member_of_a_name(server: Server) -> None:
    """Of several members with the same name the list shows the last."""

    def members(original: Original, *words: object) -> list[Member]:
        return list({row.fields["name"]: row for row in original(*words)}.values())

    wrap(server.lists, "members", members)


def _stale_group(place: Place, with_members: bool, server: Server) -> None:  # noqa: FBT001 - for partial
    seen: dict[Group, Shown] = {}
    inside: list[bool] = []

    def group_with_members(original: Original, *words: Any) -> Shown:
        inside[:] = [True]
        shown: Shown = original(*words)
        inside.clear()
        return shown

    def group(original: Original, row: Group, viewer: System | None, seen_in: Place) -> Shown:
        shown: Shown = original(row, viewer, seen_in)
        here = seen_in == place and bool(inside) == with_members and viewer is row.system
        return copy.copy(seen.setdefault(row, shown)) if here else shown

    wrap(server.presenter, "group", group)
    wrap(server.presenter, "group_with_members", group_with_members)


add(
    "member_groups_are_stale_after_patch",
    "The list of the groups of a member shows each as it was when it was first listed there.",
    ["update-group-persists"],
    partial(_stale_group, "member-groups", False),  # noqa: FBT003
)


@fault("add-group-members-takes-effect", "add-member-groups-takes-effect")
def adding_stops_at_one_who_is_there(server: Server) -> None:
    """A list to add is carried out up to the first entry that is there already."""
    memberships: Any = server.endpoints["memberships"]

    def add_members(_original: Original, call: Call) -> None:
        group = memberships.own_group(call)
        for member in memberships.members(call, empty_allowed=False):
            if member.uuid in group.members:
                return
            memberships.join(group, member)

    def add_groups(_original: Original, call: Call) -> None:
        member = memberships.own_member(call)
        for group in memberships.groups(call, empty_allowed=False):
            if member.uuid in group.members:
                return
            memberships.join(group, member)

    wrap(memberships, "add_members", add_members)
    wrap(memberships, "add_groups", add_groups)


@fault("add-group-members-takes-effect")
def adds_five_at_most(server: Server) -> None:
    """Of a list to add the first five entries count."""
    memberships: Any = server.endpoints["memberships"]

    def members(original: Original, call: Call, *, empty_allowed: bool) -> list[Member]:
        found: list[Member] = original(call, empty_allowed=empty_allowed)
        return found[:_ADDED_AT_ONCE]

    wrap(memberships, "members", members)


def _set_created(server: Server, taken: Any) -> None:
    def changes(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        patch: Patch = original(kind, body)
        if "created" in body and taken(body["created"]):
            patch.fields["created"] = body["created"]
        return patch

    wrap(server.validation, "changes", changes)


@fault("created-not-settable", only="2025-08")
def patch_takes_later_created(server: Server) -> None:
    """PATCH takes created from the body when it is a time to come."""

    def is_later(value: object) -> bool:
        moment = moments.read(value) if isinstance(value, str) else None
        return moment is not None and moment > moments.now()

    _set_created(server, is_later)


def _remembered(kind: str, server: Server) -> dict[str, Any]:
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
    deleted = _remembered("member", server)

    def member(original: Original, ref: str) -> Member:
        found: Member = (deleted.get(ref) if len(ref) > len("abc-def") else None) or original(ref)
        return found

    wrap(server.references, "member", member)


@fault("auth-optional-for-public-reads", "get-member-returns-member")
def private_list_closes_single_members(server: Server) -> None:
    """A private list of members closes each member to others, too."""

    def show(original: Original, call: Call) -> object:
        system = server.references.member(call.params["member"]).system
        server.privacy.check_list("members", system, call.caller)
        return original(call)

    wrap(server.endpoints["members"], "show", show)
