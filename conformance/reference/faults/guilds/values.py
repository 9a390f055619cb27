"""Faults: keys and values of settings in a guild."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.entities import Row
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


@fault("member-guild-keep-proxy-nullable", step="presenter.settings")
def member_guild_keep_proxy_is_text(original: Original, row: Row) -> dict[str, Any]:
    """The setting keep_proxy of a member in a guild is shown as text."""
    settings: dict[str, Any] = original(row)
    return settings | ({"keep_proxy": "no"} if "keep_proxy" in settings else {})


@fault("member-guild-keys", step="presenter.settings")
def member_guild_settings_lack_avatar(original: Original, row: Row) -> dict[str, Any]:
    """Settings of a member in a guild are shown without the avatar."""
    settings: dict[str, Any] = original(row)
    if row.kind.name == "member guild settings":
        del settings["avatar_url"]
    return settings


@fault("system-guild-keys-2021-11", only="2021-11", step="presenter.settings")
def launch_guild_settings_lack_a_key(original: Original, row: Row) -> dict[str, Any]:
    """The settings of a system in a guild have no tag_enabled."""
    shown: dict[str, Any] = original(row)
    shown.pop("tag_enabled", None)
    return shown


def _ignore_false(server: Server, kind: str) -> None:
    def merge(original: Original, row: Row, patch: Patch) -> object:
        if row.kind.name == kind:
            sent = patch.fields.items()
            patch.fields = {key: value for key, value in sent if value is not False}
        return original(row, patch)

    wrap(server.updates, "merge", merge)


@fault("member-guild-keep-proxy-nullable")
def member_guild_settings_ignore_false(server: Server) -> None:
    """The value false of a setting of a member in a guild is not stored."""
    _ignore_false(server, "member guild settings")


@fault("update-system-guild-persists", "update-system-guild-returns-settings")
def system_guild_settings_ignore_false(server: Server) -> None:
    """The value false of a setting of a system in a guild is not stored."""
    _ignore_false(server, "system guild settings")


def _clear_in_guilds(key: str, original: Original, row: Row, patch: Patch) -> object:
    for settings in getattr(row, "guilds", {}).values() if key in patch.fields else ():
        settings.fields[key] = None
    return original(row, patch)


for _model, _key in (("member", "display_name"), ("system", "tag")):
    add(
        f"{_model}_clears_its_{_key}_in_guilds",
        f"PATCH of the {_key} of a {_model} clears the one that it has in a guild.",
        ["patch-preserves-missing-keys"],
        partial(_clear_in_guilds, _key),
        step="updates.merge",
    )
