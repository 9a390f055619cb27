"""Faults: privacy that does not hold in one kind of response."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import add, fault
from conformance.reference.models import OWNER_ONLY, PRIVATE

if TYPE_CHECKING:
    from conformance.reference.entities import Entity
    from conformance.reference.models import Field
    from conformance.reference.privacy import Place
    from conformance.reference.steps import Original


def _show_privacy(
    place: Place, original: Original, row: Entity, viewer: Any, seen_in: Place
) -> dict[str, Any]:
    shown: dict[str, Any] = original(row, viewer, seen_in)
    return shown | ({"privacy": dict(row.privacy)} if seen_in == place else {})


def _drop_privacy(
    place: Place, original: Original, row: Entity, viewer: Any, seen_in: Place
) -> dict[str, Any]:
    shown: dict[str, Any] = original(row, viewer, seen_in)
    return shown | ({"privacy": None} if seen_in == place else {})


_ONE_PLACE: tuple[Place, ...] = ("fronters", "member-groups", "message")
for _place in _ONE_PLACE:
    add(
        f"shows_privacy_in_{_place.replace('-', '_')}",
        f"The privacy object is shown to everybody in one place: {_place}.",
        ["privacy-object-null-for-others"],
        partial(_show_privacy, _place),
        step="presenter.entity",
    )
    add(
        f"hides_privacy_from_owner_in_{_place.replace('-', '_')}",
        f"The privacy object is hidden from the own system in one place: {_place}.",
        ["privacy-object-shown-to-owner"],
        partial(_drop_privacy, _place),
        step="presenter.entity",
    )


def _leak_in_message(
    key: str, original: Original, row: Entity, field: Field, viewer: Any, place: Place
) -> bool:
    leaks = place == "message" and (field.hidden_by == OWNER_ONLY) == (key == OWNER_ONLY)
    return not leaks and bool(original(row, field, viewer, place))


add(
    "leaks_private_fields_in_message",
    "Private values are shown to others in a message.",
    ["private-field-is-null", "system-description-privacy-hides-description"],
    partial(_leak_in_message, "private"),
    step="privacy.hides",
)
add(
    "leaks_autoproxy_enabled_in_message",
    "A message shows everybody whether autoproxy is enabled for its member.",
    ["autoproxy-enabled-own-system-only"],
    partial(_leak_in_message, OWNER_ONLY),
    step="privacy.hides",
)


@fault(
    "private-field-is-null", "system-description-privacy-hides-description", step="privacy.hides"
)
def leaks_private_fields_in_message_to_any_token(
    original: Original, row: Entity, field: Field, viewer: Any, place: Place
) -> bool:
    """A message shows private values to every system with a token."""
    leaks = place == "message" and viewer is not None
    return not leaks and bool(original(row, field, viewer, place))


@fault("own-token-shows-private-fields", step="privacy.hides")
def message_hides_from_owner(
    original: Original, row: Entity, field: Field, viewer: Any, place: Place
) -> bool:
    """A message hides private values from the own system, too."""
    private = place == "message" and row.privacy.get(field.hidden_by or "") == PRIVATE
    return private or bool(original(row, field, viewer, place))
