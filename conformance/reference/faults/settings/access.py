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


@fault("get-settings-public", "public-settings-for-foreign-token")
def settings_are_private(server: Server) -> None:
    """The settings are rejected for everybody but the owner."""

    def public(_original: Original, _row: Row) -> object:
        raise Rejected(Problem.NOT_YOURS)

    wrap(server.presenter, "public_settings", public)


@fault("public-settings-no-private-keys")
def public_settings_leak_timezone(server: Server) -> None:
    """The public settings show the timezone."""

    def public(original: Original, row: Row) -> dict[str, Any]:
        shown: dict[str, Any] = original(row)
        return shown | {"timezone": row.fields["timezone"]}

    wrap(server.presenter, "public_settings", public)


@fault("public-settings-no-private-keys")
def foreign_token_sees_private_settings(server: Server) -> None:
    """Any token shows all settings of any system."""

    def show(original: Original, call: Call) -> object:
        system = server.references.system(call.params["system"], call.caller)
        return server.presenter.settings(system.settings) if call.caller else original(call)

    wrap(server.endpoints["settings"], "show", show)


@fault("public-settings-keys")
def public_settings_lack_name_format(server: Server) -> None:
    """The public settings have no name format."""

    def public(original: Original, row: Row) -> dict[str, Any]:
        shown: dict[str, Any] = original(row)
        del shown["name_format"]
        return shown

    wrap(server.presenter, "public_settings", public)


@fault("get-settings-owner", "settings-keys")
def owner_sees_public_settings(server: Server) -> None:
    """The owner sees no more settings than others."""

    def show(_original: Original, call: Call) -> object:
        system = server.references.system(call.params["system"], call.caller)
        return server.presenter.public_settings(system.settings)

    wrap(server.endpoints["settings"], "show", show)


@fault("public-settings-no-private-keys")
def private_settings_shown_by_uuid(server: Server) -> None:
    """Everybody sees all settings of a system that is named by UUID."""

    def show(original: Original, call: Call) -> object:
        settings = server.endpoints["settings"].system(call).settings
        return server.presenter.settings(settings) if is_uuid(path_ref(call)[1]) else original(call)

    wrap(server.endpoints["settings"], "show", show)


@fault("get-settings-owner")
def settings_are_shared_by_systems(server: Server) -> None:
    """All systems have the same settings: what one changes is changed for the others."""

    def update(original: Original, call: Call) -> Any:
        response = original(call)
        for system in (server.seeded.first, server.seeded.second):
            system.settings = call.caller.settings if call.caller else system.settings
        return response

    wrap(server.endpoints["settings"], "update", update)


@fault("settings-default-private-not-for-api")
def post_honours_default_privacy(server: Server) -> None:
    """POST makes everything private by a setting that only concerns the bot."""

    def add(original: Original, system: System, row: Row, *created: object) -> object:
        if system.settings.fields.get(f"{row.kind.name}_default_private"):
            row.privacy = dict.fromkeys(row.privacy, PRIVATE)
        return original(system, row, *created)

    wrap(server.store, "add_member", add)
    wrap(server.store, "add_group", add)
