"""Faults: keys and values of settings, in a guild and of autoproxy alike."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.models import Field
    from conformance.reference.steps import Original

_IS_BOOLEAN = {
    "pings_enabled": "settings-pings-enabled-boolean",
    "member_default_private": "settings-member-default-private-boolean",
    "group_default_private": "settings-group-default-private-boolean",
    "show_private_info": "settings-show-private-info-boolean",
    "case_sensitive_proxy_tags": "settings-case-sensitive-proxy-tags-boolean",
    "proxy_error_message_enabled": "settings-proxy-error-message-boolean",
    "hid_display_split": "settings-hid-display-split-boolean",
    "hid_display_caps": "settings-hid-display-caps-boolean",
}
_BOOLEANS = {"True": True, "False": False}


def _show(server: Server, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Show settings in another way to the owner."""
    wrap(server.presenter, "settings", lambda original, row: change(original(row)))


def _show_as_text(key: str, server: Server) -> None:
    wrap(
        server.validation,
        "read_boolean",
        lambda original, field, value: original(field, _BOOLEANS.get(str(value), value)),
    )
    _show(server, lambda shown: shown | ({key: str(shown[key])} if key in shown else {}))


for _key, _violated in _IS_BOOLEAN.items():
    add(
        f"settings_{_key}_is_text",
        f"The setting {_key} is shown as text.",
        [_violated],
        partial(_show_as_text, _key),
    )


def _omit(key: str, server: Server) -> None:
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
        partial(_omit, _key),
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


def _take_one_choice(
    key: str, allowed: str, original: Original, field: Field, value: object
) -> object:
    if field.key == key and value not in (allowed, "off"):
        raise Rejected(Problem.NOT_YOURS)
    return original(field, value)


for _key, _allowed, _violated in (
    ("hid_list_padding", "left", "settings-hid-list-padding-enum"),
    ("proxy_switch", "new", "settings-proxy-switch-enum"),
    ("autoproxy_mode", "front", "autoproxy-mode-enum"),
):
    add(
        f"settings_take_two_{_key}",
        f"The setting {_key} can only be off or {_allowed}.",
        [_violated],
        partial(_take_one_choice, _key, _allowed),
        step="validation.read_choice",
    )
