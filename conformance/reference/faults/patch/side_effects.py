"""Faults: what a PATCH changes beside the keys that it names: other entities, lists, settings."""

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
    from conformance.reference.entities import Entity, Member, Row, System
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


def _change_after_patch(server: Server, then: Callable[[Row, Patch], None]) -> None:
    """Do something more with each row that a PATCH changed; a row without an id is being created."""

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

    _change_after_patch(server, then)


@fault("patch-preserves-missing-keys")
def patch_renews_created(server: Server) -> None:
    """PATCH sets the creation time to another one."""
    seconds = itertools.cycle(range(60))

    def then(row: Row, _: Patch) -> None:
        row.fields["created"] = f"2026-01-01T00:00:{next(seconds):02}Z"

    _change_after_patch(server, then)


@fault("patch-preserves-missing-keys")
def patch_of_member_ends_its_fronting(server: Server) -> None:
    """PATCH of a member takes it out of the current switch."""

    def then(row: Any, _: Patch) -> None:
        if row.kind.name == "member" and row.system.switches:
            current = row.system.switches[-1]
            current.members = [member for member in current.members if member is not row]

    _change_after_patch(server, then)


@fault("update-settings-persists")
def patch_of_system_resets_settings(server: Server) -> None:
    """PATCH of a system sets its settings to their defaults."""

    def then(row: Any, _: Patch) -> None:
        if row.kind.name == "system":
            row.settings.fields.update(row.settings.kind.defaults())

    _change_after_patch(server, then)


@fault("patch-preserves-missing-keys")
def patch_of_group_empties_it(server: Server) -> None:
    """PATCH of a group takes all members out of it."""

    def then(row: Any, _: Patch) -> None:
        if row.kind.name == "group":
            row.members.clear()

    _change_after_patch(server, then)


@fault("patch-preserves-missing-keys")
def patch_of_member_leaves_groups(server: Server) -> None:
    """PATCH of a member takes it out of all groups."""

    def then(row: Any, _: Patch) -> None:
        for group in row.system.groups.values() if row.kind.name == "member" else ():
            group.members.pop(row.uuid, None)

    _change_after_patch(server, then)


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

    def merge(original: Original, row: Row, patch: Patch) -> object:
        while read:
            entity, before = read.pop()
            entity.fields.update(before)
        return original(row, patch)

    wrap(server, "arrival", arrival)
    wrap(server.updates, "merge", merge)


for _kind, _name in (("member", "patches"), ("group", "patches_of_groups")):
    add(
        f"{_name}_at_once_undo_each_other",
        f"PATCH of a {_kind} reads the {_kind}, waits for the store, and writes all of it back.",
        ["patch-preserves-missing-keys"],
        partial(_undo_each_other, _kind),
    )


def _set_everywhere(step: str, own: str, key: str, server: Server) -> None:
    guilds = server.endpoints["guilds"]

    def update(original: Original, call: Call) -> Any:
        shown: dict[str, Any] = original(call)
        getattr(guilds, own)(call).fields[key] = shown[key]
        return shown

    wrap(guilds, step, update)


for _name, _what, _step, _own, _key in (
    ("guild_tag_is_that_of_the_system", "tag of a system", "update", "own_system", "tag"),
    (
        "guild_display_name_is_that_of_the_member",
        "display name of a member",
        "update_member",
        "own_member",
        "display_name",
    ),
):
    add(
        _name,
        f"PATCH of the {_what} in a guild sets that of everywhere else, too.",
        ["patch-preserves-missing-keys"],
        partial(_set_everywhere, _step, _own, _key),
    )


@fault("patch-preserves-missing-keys")
def member_guild_settings_are_shared_by_members(server: Server) -> None:
    """All members of a system have the same settings in a guild."""
    first: dict[str, Row] = {}

    def add_member(original: Original, system: System, *given: Any) -> Member:
        member: Member = original(system, *given)
        for guild, row in member.guilds.items():
            member.guilds[guild] = first.setdefault(guild, row)
        return member

    wrap(server.store, "add_member", add_member)
