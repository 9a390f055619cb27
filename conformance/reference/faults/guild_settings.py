"""Faults: settings of a system and of a member in a guild."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.entities import Row
from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import System
    from conformance.reference.models import Field, Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch

_LENGTHS = {
    ("system guild settings", "tag"): "system-guild-tag-max-79",
    ("system guild settings", "avatar_url"): "system-guild-avatar-max-256",
    ("system guild settings", "display_name"): "system-guild-display-name-max-100",
    ("member guild settings", "display_name"): "member-guild-display-name-max-100",
    ("member guild settings", "avatar_url"): "member-guild-avatar-max-256",
}


def _unlimited(kind: str, key: str, server: Server) -> None:
    limits = {id(field) for field in _kind_of(server, kind).fields if field.key == key}

    def flaw(original: Original, field: Field, text: str) -> object:
        return None if id(field) in limits else original(field, text)

    wrap(server.validation, "length_flaw", flaw)


def _kind_of(server: Server, name: str) -> Kind:
    models = server.revision.models
    return models.system_guild if name.startswith("system") else models.member_guild


for (_kind, _key), _violated in _LENGTHS.items():
    add(
        f"{_kind.removesuffix(' settings').replace(' ', '_')}_{_key}_is_unlimited",
        f"The {_key} of {_kind} can be of any length.",
        [_violated],
        partial(_unlimited, _kind, _key),
    )


@fault("member-guild-avatar-is-url")
def guild_avatar_is_any_text(server: Server) -> None:
    """Any text is an avatar in a guild."""
    wrap(
        server.validation, "read_url", lambda _original, *given: server.validation.read_text(*given)
    )


@fault("member-guild-keep-proxy-nullable")
def member_guild_keep_proxy_is_text(server: Server) -> None:
    """The setting keep_proxy of a member in a guild is shown as text."""

    def shown(original: Original, row: Row) -> dict[str, Any]:
        settings: dict[str, Any] = original(row)
        return settings | ({"keep_proxy": "no"} if "keep_proxy" in settings else {})

    wrap(server.presenter, "settings", shown)


@fault("err-20009", "err-20010", "system-guild-row-must-exist", "member-guild-row-must-exist")
def guild_settings_appear_when_read(server: Server) -> None:
    """Settings in a guild are there as soon as they are asked for."""
    guilds, models = server.endpoints["guilds"], server.revision.models

    def system_row(_original: Original, call: Call) -> Row:
        system: System = guilds.own_system(call)
        return system.guilds.setdefault(call.params["guild"], Row.blank(models.system_guild))

    def member_row(_original: Original, call: Call) -> Row:
        member = guilds.own_member(call)
        return member.guilds.setdefault(call.params["guild"], Row.blank(models.member_guild))

    wrap(guilds, "system_row", system_row)
    wrap(guilds, "member_row", member_row)


@fault("err-20009", "err-20010")
def unset_guild_settings_have_code_0(server: Server) -> None:
    """Settings in a guild that were never set are rejected with the code 0."""
    unset = (Problem.SYSTEM_GUILD_UNKNOWN, Problem.MEMBER_GUILD_UNKNOWN)

    def body(original: Original, rejected: Rejected) -> dict[str, Any]:
        reported: dict[str, Any] = original(rejected)
        return reported | {"code": 0} if rejected.problem in unset else reported

    wrap(server.errors, "body", body)


@fault("member-guild-keys")
def member_guild_settings_lack_avatar(server: Server) -> None:
    """Settings of a member in a guild are shown without the avatar."""

    def shown(original: Original, row: Row) -> dict[str, Any]:
        settings: dict[str, Any] = original(row)
        if row.kind.name == "member guild settings":
            del settings["avatar_url"]
        return settings

    wrap(server.presenter, "settings", shown)


@fault("patch-preserves-missing-keys")
def guild_settings_clear_display_name(server: Server) -> None:
    """PATCH of settings in a guild without display_name clears it."""

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        if "guild" in row.kind.name and "display_name" in row.fields:
            patch.fields.setdefault("display_name", None)
        merged: Row = original(row, patch)
        return merged

    wrap(server.updates, "merge", merge)


@fault("patch-null-clears-value")
def guild_settings_ignore_null(server: Server) -> None:
    """A null for a setting in a guild changes nothing."""
    models = server.revision.models

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        if row.kind in (models.system_guild, models.member_guild):
            sent = patch.fields.items()
            patch.fields = {key: value for key, value in sent if value is not None}
        merged: Row = original(row, patch)
        return merged

    wrap(server.updates, "merge", merge)
