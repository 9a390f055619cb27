"""Faults: settings of a system; and what is made alike for those of a guild and for autoproxy."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.entities import Row
from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.models import Field
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch

_PLACES = {
    "settings": "settings",
    "system guild settings": "system-guild",
    "member guild settings": "member-guild",
    "autoproxy settings": "autoproxy",
}
_WORDS = {"True": True, "False": False}
_BOOLEANS = {
    "pings_enabled": "settings-pings-enabled-boolean",
    "member_default_private": "settings-member-default-private-boolean",
    "group_default_private": "settings-group-default-private-boolean",
    "show_private_info": "settings-show-private-info-boolean",
    "case_sensitive_proxy_tags": "settings-case-sensitive-proxy-tags-boolean",
    "proxy_error_message_enabled": "settings-proxy-error-message-boolean",
    "hid_display_split": "settings-hid-display-split-boolean",
    "hid_display_caps": "settings-hid-display-caps-boolean",
}


def _merge(server: Server, kind: str, change: Callable[[Row, Patch], None]) -> None:
    """Do something to the row and the patch of one kind before they are merged."""

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        if row.kind.name == kind:
            change(row, patch)
        merged: Row = original(row, patch)
        return merged

    wrap(server.updates, "merge", merge)


def _show(server: Server, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Show settings in another way to the owner."""
    wrap(server.presenter, "settings", lambda original, row: change(original(row)))


def _forget(kind: str, server: Server) -> None:
    def update(original: Original, row: Row, patch: Patch) -> Row:
        if row.kind.name != kind:
            return original(row, patch)  # type: ignore[no-any-return] # as the original returns it
        return original(Row(row.kind, dict(row.fields), {}), patch)  # type: ignore[no-any-return] # as the original returns it

    wrap(server.updates, "merge", update)


def _response_old(kind: str, server: Server) -> None:
    def merge(original: Original, row: Row, patch: Patch) -> Row:
        before = Row(row.kind, dict(row.fields), {})
        merged: Row = original(row, patch)
        return before if row.kind.name == kind else merged

    wrap(server.updates, "merge", merge)


def _clear(kind: str, server: Server) -> None:
    _merge(server, kind, lambda row, _: row.fields.update(row.kind.defaults()))


for _kind, _place in _PLACES.items():
    _name = _kind.removesuffix(" settings").replace(" ", "_")
    add(
        f"{_name}_patch_is_not_stored",
        f"PATCH of the {_kind} returns the new values and forgets them.",
        [f"update-{_place}-persists"],
        partial(_forget, _kind),
    )
    add(
        f"{_name}_patch_answers_old",
        f"PATCH of the {_kind} returns the old values.",
        [f"update-{_place}-returns-settings"],
        partial(_response_old, _kind),
    )
    if _kind != "autoproxy settings":
        add(
            f"{_name}_patch_clears_others",
            f"PATCH of the {_kind} clears the keys that it does not name.",
            ["patch-preserves-missing-keys"],
            partial(_clear, _kind),
        )


def _word(key: str, server: Server) -> None:
    wrap(
        server.validation,
        "read_boolean",
        lambda original, field, value: original(field, _WORDS.get(str(value), value)),
    )
    _show(server, lambda shown: shown | ({key: str(shown[key])} if key in shown else {}))


for _key, _violated in _BOOLEANS.items():
    add(
        f"settings_{_key}_is_text",
        f"The setting {_key} is shown as text.",
        [_violated],
        partial(_word, _key),
    )


def _limit(key: str, server: Server) -> None:
    mapping = server.bodies.mapping
    found: list[dict[str, Any]] = []

    def read(_original: Original, call: Call) -> dict[str, Any]:
        found.append(mapping(call))
        return found[-1]

    def settable(row: Row, _patch: Patch) -> None:
        if key in found[-1]:
            row.fields[key] = found[-1][key]

    wrap(server.bodies, "mapping", read)
    _merge(server, "settings", settable)


for _key in ("member_limit", "group_limit"):
    add(
        f"settings_{_key}_can_be_set",
        f"The setting {_key} can be changed.",
        [f"settings-{_key.replace('_', '-')}-read-only"],
        partial(_limit, _key),
    )


def _drop(key: str, server: Server) -> None:
    _show(server, lambda shown: {name: shown[name] for name in shown if name != key})


for _key, _violated in (
    ("timezone", "settings-keys"),
    ("tag_enabled", "system-guild-keys-2025-08"),
    ("last_latch_timestamp", "autoproxy-keys"),
):
    add(
        f"settings_lack_{_key}",
        f"Settings are shown without {_key}.",
        [_violated],
        partial(_drop, _key),
    )


def _take_null(server: Server, key: str) -> None:
    wrap(
        server.validation,
        "value",
        lambda original, field, value: (
            None if field.key == key and value is None else original(field, value)
        ),
    )


@fault("settings-timezone-default-utc")
def settings_start_without_timezone(server: Server) -> None:
    """The timezone is null until it is set."""
    _take_null(server, "timezone")
    server.seeded.first.settings.fields["timezone"] = None


@fault("settings-name-format-default")
def settings_start_without_name_format(server: Server) -> None:
    """The name format is null until it is set."""
    _take_null(server, "name_format")
    server.seeded.first.settings.fields["name_format"] = None


@fault("settings-latch-timeout")
def settings_latch_timeout_needs_a_number(server: Server) -> None:
    """The latch timeout cannot be null."""
    server.seeded.first.settings.fields["latch_timeout"] = 3600

    def integer(original: Original, key: Field, value: object) -> object:
        if key.key == "latch_timeout" and value is None:
            raise Rejected(Problem.BAD_REQUEST, "latch_timeout is null")
        return original(key, value)

    wrap(server.validation, "value", integer)


def _only(key: str, allowed: str, server: Server) -> None:
    def choice(original: Original, field: Field, value: object) -> str:
        if field.key == key and value not in (allowed, "off"):
            raise Rejected(Problem.NOT_YOURS)
        read: str = original(field, value)
        return read

    wrap(server.validation, "read_choice", choice)


for _key, _allowed, _violated in (
    ("hid_list_padding", "left", "settings-hid-list-padding-enum"),
    ("proxy_switch", "new", "settings-proxy-switch-enum"),
    ("autoproxy_mode", "front", "autoproxy-mode-enum"),
):
    add(
        f"settings_take_two_{_key}",
        f"The setting {_key} can only be off or {_allowed}.",
        [_violated],
        partial(_only, _key, _allowed),
    )


@fault("get-settings-public", "public-settings-for-foreign-token")
def settings_are_private(server: Server) -> None:
    """The settings are rejected to everybody but the owner."""

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


@fault("update-settings-persists")
def settings_mix_up_two_booleans(server: Server) -> None:
    """PATCH of hid_display_caps stores hid_display_split."""

    def change(_row: Row, patch: Patch) -> None:
        if "hid_display_caps" in patch.fields:
            patch.fields["hid_display_split"] = patch.fields.pop("hid_display_caps")

    _merge(server, "settings", change)


@fault("patch-preserves-missing-keys")
def settings_clear_name_format(server: Server) -> None:
    """PATCH of the settings without name_format gives it its default."""

    def change(row: Row, patch: Patch) -> None:
        patch.fields.setdefault("name_format", row.kind.defaults()["name_format"])

    _merge(server, "settings", change)


@fault("system-timezone-default-utc", only="2021-11")
def timezone_starts_unset(server: Server) -> None:
    """The timezone of a system is null until it is set."""

    def system(original: Original, *given: Any) -> dict[str, Any]:
        shown: dict[str, Any] = original(*given)
        return shown | ({"timezone": None} if shown.get("timezone") == "UTC" else {})

    wrap(server.presenter, "system", system)
