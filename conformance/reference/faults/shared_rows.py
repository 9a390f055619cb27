"""Faults: rows of settings that several owners share, and values of settings that are lost on their way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Member, Message, Row, System
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


@fault("get-settings-owner")
def settings_are_shared_by_systems(server: Server) -> None:
    """All systems have the same settings: what one changes is changed for the others."""

    def update(original: Original, call: Call) -> Any:
        response = original(call)
        for system in (server.seeded.first, server.seeded.second):
            system.settings = call.caller.settings if call.caller else system.settings
        return response

    wrap(server.endpoints["settings"], "update", update)


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


@fault("member-guild-row-must-exist")
def member_guild_settings_are_shared_by_guilds(server: Server) -> None:
    """A member has the same settings in every guild."""

    def member_row(_original: Original, call: Call) -> Row:
        member: Member = guilds.own_member(call)
        return next(iter(member.guilds.values()))

    guilds: Any = server.endpoints["guilds"]
    wrap(guilds, "member_row", member_row)


@fault("get-autoproxy-returns-settings")
def autoproxy_is_shared_by_guilds(server: Server) -> None:
    """A system has the same autoproxy settings in every guild."""

    def guild(original: Original, call: Call) -> str:
        original(call)
        return server.seeded.guild_id

    wrap(server.endpoints["autoproxy"], "guild", guild)


def _ignore_false(server: Server, kind: str) -> None:
    def merge(original: Original, row: Row, patch: Patch) -> Row:
        if row.kind.name == kind:
            sent = patch.fields.items()
            patch.fields = {key: value for key, value in sent if value is not False}
        merged: Row = original(row, patch)
        return merged

    wrap(server.updates, "merge", merge)


@fault("member-guild-keep-proxy-nullable")
def member_guild_settings_ignore_false(server: Server) -> None:
    """The value false of a setting of a member in a guild is not stored."""
    _ignore_false(server, "member guild settings")


@fault("update-system-guild-persists", "update-system-guild-returns-settings")
def system_guild_settings_ignore_false(server: Server) -> None:
    """The value false of a setting of a system in a guild is not stored."""
    _ignore_false(server, "system guild settings")


@fault("settings-latch-timeout")
def settings_take_latch_0_as_null(server: Server) -> None:
    """The latch timeout 0, for never, becomes null, for six hours."""

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        if patch.fields.get("latch_timeout") == 0:
            patch.fields["latch_timeout"] = None
        merged: Row = original(row, patch)
        return merged

    wrap(server.updates, "merge", merge)


@fault("get-message-returns-message")
def message_shows_system_of_the_reader(server: Server) -> None:
    """A message shows the system of whoever reads it."""

    def message(original: Original, row: Message, viewer: System | None) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, viewer)
        if viewer is not None and shown["system"] is not None:
            shown["system"] = server.presenter.system(viewer, viewer, "message")
        return shown

    wrap(server.presenter, "message", message)
