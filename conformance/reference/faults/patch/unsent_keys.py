"""Faults: keys that a PATCH changes though it does not name them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import add, fault
from conformance.reference.faults.settings.updates import change_before_merge
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Row
    from conformance.reference.models import Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch

_IMAGES = {"avatar_url", "webhook_avatar_url", "icon", "banner"}


def _clear_unsent(kind: str, original: Original, row: Row, patch: Patch) -> object:
    if row.kind.name == kind:
        row.fields.update(
            {field.key: field.default for field in row.kind.settable if not field.required}
        )
    return original(row, patch)


for _kind in ("system", "member", "group"):
    add(
        f"patch_clears_unsent_{_kind}_keys",
        f"PATCH of a {_kind} clears the keys that it does not name.",
        ["patch-preserves-missing-keys"],
        partial(_clear_unsent, _kind),
        step="updates.merge",
    )


def _reset(kind: str, server: Server) -> None:
    change_before_merge(server, kind, lambda row, _: row.fields.update(row.kind.defaults()))


for _name, _kind in (
    ("settings", "settings"),
    ("system_guild", "system guild settings"),
    ("member_guild", "member guild settings"),
):
    add(
        f"{_name}_patch_clears_others",
        f"PATCH of the {_kind} clears the keys that it does not name.",
        ["patch-preserves-missing-keys"],
        partial(_reset, _kind),
    )


@fault("patch-preserves-missing-keys")
def settings_clear_name_format(server: Server) -> None:
    """PATCH of the settings without name_format sets it to its default."""

    def change(row: Row, patch: Patch) -> None:
        patch.fields.setdefault("name_format", row.kind.defaults()["name_format"])

    change_before_merge(server, "settings", change)


@fault("patch-preserves-missing-keys", step="updates.merge")
def patch_opens_unsent_privacy(original: Original, row: Row, patch: Patch) -> object:
    """PATCH makes the privacy keys public that it does not name."""
    row.privacy.update(row.kind.open_privacy())
    return original(row, patch)


@fault("patch-preserves-missing-keys", step="validation.read_privacy")
def patch_null_opens_all_privacy(
    original: Original, kind: Kind, value: Any, patch: Patch, *rest: Any
) -> None:
    """PATCH with null for one privacy key makes all keys public."""
    original(kind, value, patch, *rest)
    if isinstance(value, dict) and None in value.values():
        patch.privacy = kind.open_privacy()


@fault("patch-preserves-missing-keys", step="autoproxy_modes.settle")
def autoproxy_member_resets_mode(original: Original, patch: Patch, row: Row, call: Call) -> None:
    """A new autoproxy member without a mode starts the mode latch."""
    if patch.fields.get("autoproxy_member"):
        patch.fields.setdefault("autoproxy_mode", "latch")
    original(patch, row, call)


@fault("patch-preserves-missing-keys", step="updates.merge")
def guild_settings_clear_display_name(original: Original, row: Row, patch: Patch) -> object:
    """PATCH of settings in a guild without display_name clears it."""
    if "guild" in row.kind.name and "display_name" in row.fields:
        patch.fields.setdefault("display_name", None)
    return original(row, patch)


@fault("patch-preserves-missing-keys", step="updates.merge")
def display_name_follows_name(original: Original, row: Row, patch: Patch) -> Row:
    """PATCH of a name changes a display name that is the same, too."""
    old = row.fields.get("name")
    same = old is not None and row.fields.get("display_name") == old
    merged: Row = original(row, patch)
    if same and "name" in patch.fields and "display_name" not in patch.fields:
        merged.fields["display_name"] = patch.fields["name"]
    return merged


@fault("patch-preserves-missing-keys")
def third_patch_opens_privacy(server: Server) -> None:
    """Every third PATCH of a member makes its visibility public again."""
    counts: dict[str, int] = {}

    def update(original: Original, call: Call) -> object:
        shown = original(call)
        member = server.references.member(call.params["member"])
        counts[member.uuid] = counts.get(member.uuid, 0) + 1
        if counts[member.uuid] % 3 == 0:
            member.privacy["visibility"] = "public"
        return shown

    wrap(server.endpoints["members"], "update", update)


@fault("patch-preserves-missing-keys", step="updates.merge")
def images_that_are_the_same_change_together(original: Original, row: Row, patch: Patch) -> object:
    """A PATCH of one image changes the others that have the same address."""
    if row.fields.get("id"):
        for key in _IMAGES & patch.fields.keys():
            same = (k for k in _IMAGES & row.fields.keys() if row.fields[k] == row.fields[key])
            patch.fields |= {
                k: patch.fields[key] for k in same if k not in patch.fields and row.fields[key]
            }
    return original(row, patch)
