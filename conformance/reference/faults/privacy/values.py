"""Faults: how privacy values are set and shown."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.fields.objects import change_objects
from conformance.reference.faults.registry import add, fault
from conformance.reference.models import PRIVATE
from conformance.reference.revisions import NEWEST

if TYPE_CHECKING:
    from conformance.reference.entities import Entity, Row
    from conformance.reference.models import Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


@fault("privacy-set-private", step="updates.merge")
def patch_ignores_privacy(original: Original, row: Row, patch: Patch) -> object:
    """PATCH takes privacy keys without an error and leaves them as they were."""
    patch.privacy = {}
    return original(row, patch)


@fault("privacy-null-means-public", step="validation.privacy_level")
def patch_null_privacy_is_private(original: Original, value: Any) -> object:
    """PATCH reads null for a privacy key as private."""
    return PRIVATE if value is None else original(value)


@fault("privacy-invalid-value-rejected", step="validation.privacy_level")
def patch_takes_any_privacy_value(original: Original, value: Any) -> object:
    """PATCH reads every unknown privacy value as private."""
    return original(value if value in (None, "public") else PRIVATE)


def _keep_at_null(
    model: str, key: str, original: Original, kind: Kind, body: dict[str, Any], *found: Any
) -> Any:
    patch = original(kind, body, *found)
    privacy = body.get("privacy")
    if kind.name == model and isinstance(privacy, dict) and privacy.get(key, "") is None:
        patch.privacy.pop(key, None)
    return patch


for _model in ("system", "member", "group"):
    for _key in getattr(NEWEST.models, _model).privacy_keys:
        add(
            f"null_keeps_{_key}_of_{_model}",
            f"PATCH of a {_model} with null for {_key} leaves it as it was.",
            ["privacy-null-means-public"],
            partial(_keep_at_null, _model, _key),
            step="validation.read",
            only=NEWEST.name,
        )


@fault(
    "system-privacy-keys-2025-08",
    "member-privacy-keys-2025-08",
    "group-privacy-keys-2025-08",
    step="presenter.privacy",
)
def omits_last_privacy_key(
    original: Original, row: Entity, viewer: object
) -> dict[str, str] | None:
    """Privacy objects lack their last key."""
    shown: dict[str, str] | None = original(row, viewer)
    return shown and dict(list(shown.items())[:-1])


@fault("privacy-values-public-private", step="presenter.privacy")
def shows_privacy_as_booleans(
    original: Original, row: Entity, viewer: object
) -> dict[str, Any] | None:
    """Privacy values of members and groups are shown as true and false."""
    shown: dict[str, str] | None = original(row, viewer)
    if not shown or row.kind.name == "system":
        return shown
    return {key: value == "private" for key, value in shown.items()}


def _omit_last_privacy_key(shown: dict[str, Any]) -> None:
    privacy = shown.get("privacy")
    if privacy:
        shown["privacy"] = dict(list(privacy.items())[:-1])


for _model, _violated_by in (
    ("system", ["system-privacy-keys-2025-08", "system-privacy-keys-2021-11"]),
    ("member", ["member-privacy-keys-2025-08", "member-privacy-keys-2021-11"]),
    ("group", ["group-privacy-keys-2025-08", "group-privacy-keys-2021-11"]),
):
    add(
        f"omits_last_privacy_key_of_{_model}",
        f"The privacy object of a {_model} lacks its last key.",
        _violated_by,
        partial(change_objects, _model, _omit_last_privacy_key),
    )


@fault("privacy-set-public", step="updates.merge")
def never_makes_public_again(original: Original, row: Row, patch: Patch) -> object:
    """What is private once cannot be made public by a PATCH."""
    patch.privacy = {key: level for key, level in patch.privacy.items() if level == "private"}
    return original(row, patch)


@fault("privacy-invalid-value-rejected", step="validation.privacy_level")
def takes_privacy_in_any_case(original: Original, value: Any) -> object:
    """A privacy value may have capital letters."""
    return original(value.lower() if isinstance(value, str) else value)


@fault("privacy-set-private", step="validation.changes")
def patch_with_fields_ignores_privacy(original: Original, *given: Any) -> Patch:
    """A PATCH with privacy and other keys leaves the privacy as it was."""
    patch: Patch = original(*given)
    if patch.fields:
        patch.privacy.clear()
    return patch


@fault("privacy-set-private", "privacy-set-public", step="validation.changes")
def privacy_keys_share_the_last_value(original: Original, *given: Any) -> Patch:
    """A PATCH of several privacy keys sets all of them to the last value."""
    patch: Patch = original(*given)
    for level in list(patch.privacy.values())[-1:]:
        patch.privacy = dict.fromkeys(patch.privacy, level)
    return patch
