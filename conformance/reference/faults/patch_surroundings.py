"""Faults: what a PATCH does to other entities, to lists, to memberships, and to another PATCH at the same time."""

from __future__ import annotations

import asyncio
import itertools
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity, Member, Row, Switch
    from conformance.reference.privacy import Place
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


def _after_patch(server: Server, then: Callable[[Row, Patch], None]) -> None:
    """Do something more with each row that a PATCH changed; a row without an id is only being made."""

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        merged: Row = original(row, patch)
        if merged.fields.get("id"):
            then(merged, patch)
        return merged

    wrap(server.updates, "merge", merge)


@fault("patch-preserves-missing-keys")
def patch_changes_all_members(server: Server) -> None:
    """PATCH of a member changes all members of its system."""

    def then(row: Any, patch: Patch) -> None:
        for other in row.system.members.values() if row.kind.name == "member" else ():
            other.fields.update(patch.fields)

    _after_patch(server, then)


@fault("patch-preserves-missing-keys")
def patch_renews_created(server: Server) -> None:
    """PATCH sets the creation time to another one."""
    seconds = itertools.cycle(range(60))

    def then(row: Row, _: Patch) -> None:
        row.fields["created"] = f"2026-01-01T00:00:{next(seconds):02}Z"

    _after_patch(server, then)


@fault("patch-preserves-missing-keys")
def patch_of_member_ends_its_fronting(server: Server) -> None:
    """PATCH of a member takes it out of the current switch."""

    def then(row: Any, _: Patch) -> None:
        if row.kind.name == "member" and row.system.switches:
            current = row.system.switches[-1]
            current.members = [member for member in current.members if member is not row]

    _after_patch(server, then)


@fault("update-settings-persists")
def patch_of_system_resets_settings(server: Server) -> None:
    """PATCH of a system gives its settings their defaults."""

    def then(row: Any, _: Patch) -> None:
        if row.kind.name == "system":
            row.settings.fields.update(row.settings.kind.defaults())

    _after_patch(server, then)


def _copy_members(place: Place, server: Server) -> None:
    names: dict[tuple[Switch, Member], str] = {}

    def add_switch(original: Original, *given: Any) -> Switch:
        made: Switch = original(*given)
        names.update({(made, member): member.fields["name"] for member in made.members})
        return made

    def switch(original: Original, row: Switch, viewer: object, shown_in: Place) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, viewer, shown_in)
        for member, reported in zip(row.members, shown["members"], strict=True):
            public = reported["name"] == member.fields["name"]
            if shown_in == place and public and (row, member) in names:
                reported["name"] = names[row, member]
        return shown

    wrap(server.store, "add_switch", add_switch)
    wrap(server.presenter, "switch", switch)


for _place in ("fronters", "switch"):
    add(
        f"shows_old_names_in_{_place}",
        f"A member is shown by the name that it had when it was logged, in one place: {_place}.",
        ["update-member-persists"],
        partial(_copy_members, _place),
    )


@fault("patch-preserves-missing-keys")
def patch_of_group_empties_it(server: Server) -> None:
    """PATCH of a group takes all members out of it."""

    def then(row: Any, _: Patch) -> None:
        if row.kind.name == "group":
            row.members.clear()

    _after_patch(server, then)


@fault("patch-preserves-missing-keys")
def patch_of_member_leaves_groups(server: Server) -> None:
    """PATCH of a member takes it out of all groups."""

    def then(row: Any, _: Patch) -> None:
        for group in row.system.groups.values() if row.kind.name == "member" else ():
            group.members.pop(row.uuid, None)

    _after_patch(server, then)


@fault("update-member-persists")
def member_list_is_stale_after_patch(server: Server) -> None:
    """The list of members shows each as it was when it was first listed."""
    seen: dict[Member, dict[str, Any]] = {}

    def member(original: Original, row: Member, viewer: object, place: Place) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, viewer, place)
        return seen.setdefault(row, shown) if place == "list" and viewer is row.system else shown

    wrap(server.presenter, "member", member)


def _undo_each_other(kind: str, server: Server) -> None:
    """Read the entity, wait for the store, and write all of it back."""
    read: list[tuple[Entity, dict[str, Any]]] = []
    rows = server.store.members if kind == "member" else server.store.groups

    async def arrival(original: Original, scope: Scope, receive: Receive) -> Call:
        call: Call = await original(scope, receive)
        row = rows.find(call.path.rpartition("/")[2])
        if call.method == "PATCH" and row:
            before = dict(row.fields)
            await asyncio.sleep(0.02)
            read.append((row, before))
        return call

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        while read:
            entity, before = read.pop()
            entity.fields.update(before)
        merged: Row = original(row, patch)
        return merged

    wrap(server, "arrival", arrival)
    wrap(server.updates, "merge", merge)


for _kind, _name in (("member", "patches"), ("group", "patches_of_groups")):
    add(
        f"{_name}_at_once_undo_each_other",
        f"PATCH of a {_kind} reads the {_kind}, waits for the store, and writes all of it back.",
        ["patch-preserves-missing-keys"],
        partial(_undo_each_other, _kind),
    )


@fault("update-member-persists")
def group_members_are_stale_after_patch(server: Server) -> None:
    """The list of the members of a group shows each as it was when it was first listed there."""
    seen: dict[Member, dict[str, Any]] = {}

    def group_members(
        original: Original, row: Member, viewer: object, place: Place
    ) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, viewer, place)
        fresh = place != "group-members" or viewer is not row.system
        return shown if fresh else seen.setdefault(row, shown)

    wrap(server.presenter, "member", group_members)
