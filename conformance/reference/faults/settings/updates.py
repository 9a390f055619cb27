"""Faults: what a PATCH of settings stores, of a system, in a guild and of autoproxy."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.entities import Row
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap
from conformance.reference.validation import Invalid, flaw

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.models import Field
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


def change_before_merge(server: Server, kind: str, change: Callable[[Row, Patch], None]) -> None:
    """Do something to the row and the patch of one kind before they are merged."""

    def merge(original: Original, row: Row, patch: Patch) -> object:
        if row.kind.name == kind:
            change(row, patch)
        return original(row, patch)

    wrap(server.updates, "merge", merge)


def _forget(kind: str, original: Original, row: Row, patch: Patch) -> Row:
    if row.kind.name != kind:
        return original(row, patch)  # type: ignore[no-any-return] # as the original returns it
    return original(Row(row.kind, dict(row.fields), {}), patch)  # type: ignore[no-any-return] # as the original returns it


def _return_old(kind: str, original: Original, row: Row, patch: Patch) -> Row:
    before = Row(row.kind, dict(row.fields), {})
    merged: Row = original(row, patch)
    return before if row.kind.name == kind else merged


for _name, _kind, _persists, _returns in (
    (
        "settings",
        "settings",
        "update-settings-persists",
        "update-settings-returns-settings",
    ),
    (
        "system_guild",
        "system guild settings",
        "update-system-guild-persists",
        "update-system-guild-returns-settings",
    ),
    (
        "member_guild",
        "member guild settings",
        "update-member-guild-persists",
        "update-member-guild-returns-settings",
    ),
    (
        "autoproxy",
        "autoproxy settings",
        "update-autoproxy-persists",
        "update-autoproxy-returns-settings",
    ),
):
    add(
        f"{_name}_patch_is_not_stored",
        f"PATCH of the {_kind} returns the new values and forgets them.",
        [_persists],
        partial(_forget, _kind),
        step="updates.merge",
    )
    add(
        f"{_name}_patch_returns_old",
        f"PATCH of the {_kind} returns the old values.",
        [_returns],
        partial(_return_old, _kind),
        step="updates.merge",
    )


@fault("update-settings-persists")
def settings_mix_up_two_booleans(server: Server) -> None:
    """PATCH of hid_display_caps stores its value under hid_display_split."""

    def change(_row: Row, patch: Patch) -> None:
        if "hid_display_caps" in patch.fields:
            patch.fields["hid_display_split"] = patch.fields.pop("hid_display_caps")

    change_before_merge(server, "settings", change)


@fault("settings-latch-timeout", "update-settings-persists", step="validation.read_integer")
def latch_timeout_has_16_bits(original: Original, field: Any, value: Any) -> object:
    """A latch timeout loses its higher bits."""
    return original(field, value) % 2**15


@fault("update-settings-persists", step="validation.read_timezone")
def timezone_needs_a_slash(original: Original, field: Any, value: Any) -> Any:
    """A time zone without a slash in its name is rejected."""
    if isinstance(value, str) and "/" not in value:
        raise Invalid(flaw("This is no time zone."))
    return original(field, value)


@fault("update-settings-persists", step="validation.read_text")
def name_format_needs_the_tag(original: Original, key: Field, value: object) -> Any:
    """A name format without both placeholders is rejected."""
    if key.key == "name_format" and not all(p in str(value) for p in ("{name}", "{tag}")):
        raise Invalid(flaw("A name format has a name and a tag."))
    return original(key, value)


@fault("update-settings-persists", "patch-keys-all-optional", step="validation.read_timezone")
def timezone_has_two_parts_at_most(original: Original, key: Field, value: object) -> Any:
    """A timezone with two slashes in its name is rejected."""
    if str(value).count("/") > 1:
        raise Invalid(flaw("This is no time zone name."))
    return original(key, value)


@fault("settings-latch-timeout", step="updates.merge")
def settings_take_latch_0_as_null(original: Original, row: Row, patch: Patch) -> object:
    """The latch timeout 0, for never, becomes null, for six hours."""
    if patch.fields.get("latch_timeout") == 0:
        patch.fields["latch_timeout"] = None
    return original(row, patch)
