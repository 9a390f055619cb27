"""Faults: how privacy values are set and shown."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.fields.objects import change_objects
from conformance.reference.faults.registry import add, fault
from conformance.reference.models import PRIVATE
from conformance.reference.privacy import LISTS
from conformance.reference.revisions import NEWEST
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.entities import Entity, Row
    from conformance.reference.models import Kind
    from conformance.reference.privacy import ListName
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


@fault("privacy-set-private", "privacy-set-public", step="validation.changes")
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


def _set_to_null(server: Server) -> set[tuple[int, str]]:
    """Return what collects the privacy keys, by row, that a PATCH set to null and none to a value since."""
    nulls: set[tuple[int, str]] = set()
    sent: dict[str, Any] = {}

    def read(original: Original, kind: Kind, value: Any, *rest: Any) -> None:
        sent.clear()
        sent.update(value if isinstance(value, dict) else {})
        original(kind, value, *rest)

    def merge(original: Original, row: Row, patch: Patch) -> object:
        for key in patch.privacy:
            was = row.privacy.get(key) == PRIVATE or (id(row), key) in nulls
            (nulls.add if was and sent.get(key, "") is None else nulls.discard)((id(row), key))
        return original(row, patch)

    wrap(server.validation, "read_privacy", read)
    wrap(server.updates, "merge", merge)
    return nulls


@fault("auth-optional-for-public-reads")
def null_opens_fields_for_the_owner_alone(server: Server) -> None:
    """A privacy key set to null is shown as public, and others do not see what it covers."""
    nulls = _set_to_null(server)

    def hides(original: Original, row: Row, field: Any, viewer: object, *place: Any) -> object:
        closed = (id(row), field.hidden_by) in nulls and viewer is not row.owner  # type: ignore[attr-defined] # an entity
        return closed or original(row, field, viewer, *place)

    wrap(server.privacy, "hides", hides)


@fault("auth-optional-for-public-reads")
def null_opens_lists_for_the_owner_alone(server: Server) -> None:
    """The privacy key of a list that is set to null is shown as public, and the list stays closed to others."""
    nulls = _set_to_null(server)

    def opens(original: Original, name: ListName, row: Entity, viewer: object) -> object:
        closed = (id(row), LISTS[name][0]) in nulls and viewer is not row.owner
        return not closed and original(name, row, viewer)

    wrap(server.privacy, "opens", opens)


@fault("auth-optional-for-public-reads")
def null_visibility_is_public_for_the_owner_alone(server: Server) -> None:
    """A member or group whose visibility is set to null stays out of the lists of others."""
    nulls = _set_to_null(server)

    def lists(original: Original, row: Entity, viewer: object) -> object:
        closed = (id(row), "visibility") in nulls and viewer is not row.owner
        return not closed and original(row, viewer)

    wrap(server.privacy, "lists", lists)


@fault("privacy-invalid-value-rejected", step="validation.read")
def looks_at_the_first_privacy_key_alone(
    original: Original, kind: Kind, body: dict[str, Any], *found: Any
) -> Any:
    """Of a privacy object the first key is looked at; what is no level in the others is taken for public."""
    privacy = body.get("privacy")
    if isinstance(privacy, dict) and privacy:
        first, *others = privacy.items()
        read = {key: value if value in ("private", None) else "public" for key, value in others}
        body = body | {"privacy": dict([first]) | read}
    return original(kind, body, *found)
