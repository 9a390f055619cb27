"""Faults: null in a PATCH."""

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


@fault("patch-null-clears-value")
def guild_settings_ignore_null(server: Server) -> None:
    """A null for a setting in a guild changes nothing."""
    models = server.revision.models

    def merge(original: Original, row: Row, patch: Patch) -> object:
        if row.kind in (models.system_guild, models.member_guild):
            sent = patch.fields.items()
            patch.fields = {key: value for key, value in sent if value is not None}
        return original(row, patch)

    wrap(server.updates, "merge", merge)


@fault("patch-null-clears-value", step="updates.merge")
def patch_null_keeps_group_icon(original: Original, row: Row, patch: Patch) -> object:
    """PATCH with null for the icon of a group leaves the icon as it was."""
    if patch.fields.get("icon", "") is None:
        del patch.fields["icon"]
    return original(row, patch)


@fault("patch-null-clears-value", step="validation.changes")
def second_null_keeps_the_value(original: Original, *given: Any) -> Patch:
    """PATCH with several keys that are null clears the first of them alone."""
    patch: Patch = original(*given)
    for key in [key for key, value in patch.fields.items() if value is None][1:]:
        del patch.fields[key]
    return patch


def _reset_with_null(
    key: str, other: str, value: object, original: Original, row: Row, patch: Patch
) -> object:
    """Set another key as well when the one is set to null."""
    if key in patch.fields and patch.fields[key] is None:
        kept: dict[str, Any] = row.privacy if other in row.privacy else row.fields
        if other in kept:
            kept[other] = value
    return original(row, patch)


for _nulled, _other, _value in (
    ("display_name", "name_privacy", "public"),
    ("description", "description_privacy", "public"),
    ("banner", "visibility", "public"),
    ("tag", "tag_enabled", True),
):
    add(
        f"null_{_nulled}_resets_{_other}",
        f"PATCH with {_nulled} null sets {_other} to {_value}.",
        ["patch-preserves-missing-keys"],
        partial(_reset_with_null, _nulled, _other, _value),
        step="updates.merge",
    )


@fault("patch-null-clears-value", step="validation.changes")
def null_beside_values_keeps_the_value(original: Original, *given: Any) -> Patch:
    """PATCH with null for some keys and values for others sets the values alone."""
    patch: Patch = original(*given)
    values = {key: value for key, value in patch.fields.items() if value is not None}
    patch.fields = values or patch.fields
    return patch


@fault("patch-null-clears-value", step="updates.merge")
def null_beside_a_name_keeps_the_display_name(original: Original, row: Row, patch: Patch) -> object:
    """PATCH with null for the display name keeps it where the body has a name, too."""
    if patch.fields.get("name") and patch.fields.get("display_name", "") is None:
        del patch.fields["display_name"]
    return original(row, patch)
