"""Faults: who sees which settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.ids.paths import is_uuid, path_ref
from conformance.reference.faults.registry import fault
from conformance.reference.models import PRIVATE
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Row, System
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


@fault("get-settings-public", "public-settings-for-foreign-token", step="presenter.public_settings")
def settings_are_private(_original: Original, _row: Row) -> object:
    """The settings are rejected for everybody but the owner."""
    raise Rejected(Problem.NOT_YOURS)


@fault("public-settings-no-private-keys", step="presenter.public_settings")
def public_settings_leak_timezone(original: Original, row: Row) -> dict[str, Any]:
    """The public settings show the timezone."""
    shown: dict[str, Any] = original(row)
    return shown | {"timezone": row.fields["timezone"]}


@fault("public-settings-for-foreign-token", step="settings.show")
def foreign_token_sees_private_settings(server: Server, original: Original, call: Call) -> object:
    """Any token shows all settings of any system."""
    system = server.references.system(call.params["system"], call.caller)
    return server.presenter.settings(system.settings) if call.caller else original(call)


@fault("public-settings-for-foreign-token", step="settings.show")
def foreign_token_sees_private_settings_by_uuid(
    server: Server, original: Original, call: Call
) -> object:
    """Any token shows all settings of a system that is named by UUID."""
    is_named = call.caller and is_uuid(call.params["system"])
    return (
        foreign_token_sees_private_settings(server, original, call) if is_named else original(call)
    )


@fault("public-settings-keys", step="presenter.public_settings")
def public_settings_lack_name_format(original: Original, row: Row) -> dict[str, Any]:
    """The public settings have no name format."""
    shown: dict[str, Any] = original(row)
    del shown["name_format"]
    return shown


@fault("get-settings-owner", "settings-keys", step="settings.show")
def owner_sees_public_settings(server: Server, _original: Original, call: Call) -> object:
    """The owner sees no more settings than others."""
    system = server.references.system(call.params["system"], call.caller)
    return server.presenter.public_settings(system.settings)


@fault("get-settings-owner", step="settings.show")
def owner_sees_all_settings_by_me_alone(server: Server, original: Original, call: Call) -> object:
    """The owner sees all settings where the path has @me, and by any id what others see."""
    if call.params["system"] == "@me":
        return original(call)
    return server.presenter.public_settings(server.endpoints["settings"].system(call).settings)


@fault("public-settings-no-private-keys", step="settings.show")
def private_settings_shown_by_uuid(server: Server, original: Original, call: Call) -> object:
    """Everybody sees all settings of a system that is named by UUID."""
    settings = server.endpoints["settings"].system(call).settings
    return server.presenter.settings(settings) if is_uuid(path_ref(call)[1]) else original(call)


@fault("get-settings-owner", step="settings.update")
def settings_are_shared_by_systems(server: Server, original: Original, call: Call) -> Any:
    """All systems have the same settings: what one changes is changed for the others."""
    response = original(call)
    for system in (server.seeded.first, server.seeded.second):
        system.settings = call.caller.settings if call.caller else system.settings
    return response


@fault("settings-default-private-not-for-api")
def post_honours_default_privacy(server: Server) -> None:
    """POST makes everything private by a setting that only concerns the bot."""

    def add(original: Original, system: System, row: Row, *created: object) -> object:
        if system.settings.fields.get(f"{row.kind.name}_default_private"):
            row.privacy = dict.fromkeys(row.privacy, PRIVATE)
        return original(system, row, *created)

    wrap(server.store, "add_member", add)
    wrap(server.store, "add_group", add)


@fault("settings-default-private-not-for-api")
def post_honours_default_privacy_beside_a_key(server: Server) -> None:
    """POST with some privacy keys makes the others private by a setting that only concerns the bot."""

    def add(original: Original, system: System, row: Row, *created: object) -> object:
        by_default = system.settings.fields.get(f"{row.kind.name}_default_private")
        if by_default and PRIVATE in row.privacy.values():
            row.privacy = dict.fromkeys(row.privacy, PRIVATE)
        return original(system, row, *created)

    wrap(server.store, "add_member", add)
    wrap(server.store, "add_group", add)


def _set_keys(server: Server) -> set[str]:
    """Return what collects the settings that a PATCH has set."""
    known: set[str] = set()

    def merge(original: Original, row: Row, patch: Patch) -> object:
        if row.kind.name == "settings":
            known.update(patch.fields)
        return original(row, patch)

    wrap(server.updates, "merge", merge)
    return known


@fault("settings-name-format-default")
def public_name_format_is_null_until_set(server: Server) -> None:
    """Others see no name format until one was set."""
    known = _set_keys(server)

    def shown(original: Original, row: Row) -> dict[str, Any]:
        settings: dict[str, Any] = original(row)
        return settings if "name_format" in known else settings | {"name_format": None}

    wrap(server.presenter, "public_settings", shown)


@fault("get-settings-public")
def public_settings_are_off_until_set(server: Server) -> None:
    """Others see what is on from the start as off, until a PATCH has set it."""
    known = _set_keys(server)

    def shown(original: Original, row: Row) -> dict[str, Any]:
        settings: dict[str, Any] = original(row)
        unset = settings.keys() - known
        return settings | {key: False for key in unset if settings[key] is True}

    wrap(server.presenter, "public_settings", shown)
