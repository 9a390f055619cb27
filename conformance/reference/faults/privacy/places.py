"""Faults: privacy that does not hold in one kind of response."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import add, fault
from conformance.reference.models import OWNER_ONLY, PRIVATE
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.entities import Entity
    from conformance.reference.models import Field
    from conformance.reference.privacy import Place
    from conformance.reference.steps import Original


def _show_privacy(place: Place, server: Server) -> None:
    def entity(original: Original, row: Entity, viewer: Any, seen_in: Place) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, viewer, seen_in)
        return shown | ({"privacy": dict(row.privacy)} if seen_in == place else {})

    wrap(server.presenter, "entity", entity)


def _drop_privacy(place: Place, server: Server) -> None:
    def entity(original: Original, row: Entity, viewer: Any, seen_in: Place) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, viewer, seen_in)
        return shown | ({"privacy": None} if seen_in == place else {})

    wrap(server.presenter, "entity", entity)


_ONE_PLACE: tuple[Place, ...] = ("fronters", "member-groups", "message")
for _place in _ONE_PLACE:
    add(
        f"shows_privacy_in_{_place.replace('-', '_')}",
        f"The privacy object is shown to everybody in one place: {_place}.",
        ["privacy-object-null-for-others"],
        partial(_show_privacy, _place),
    )
    add(
        f"hides_privacy_from_owner_in_{_place.replace('-', '_')}",
        f"The privacy object is hidden from the own system in one place: {_place}.",
        ["privacy-object-shown-to-owner"],
        partial(_drop_privacy, _place),
    )


def _leak_in_message(key: str, server: Server) -> None:
    def hides(original: Original, row: Entity, field: Field, viewer: Any, place: Place) -> bool:
        leaks = place == "message" and (field.hidden_by == OWNER_ONLY) == (key == OWNER_ONLY)
        return not leaks and bool(original(row, field, viewer, place))

    wrap(server.privacy, "hides", hides)


add(
    "leaks_private_fields_in_message",
    "Private values are shown to others in a message.",
    ["private-field-is-null"],
    partial(_leak_in_message, "private"),
)
add(
    "leaks_autoproxy_enabled_in_message",
    "A message shows everybody whether autoproxy is enabled for its member.",
    ["autoproxy-enabled-own-system-only"],
    partial(_leak_in_message, OWNER_ONLY),
)


@fault("private-field-is-null")
def leaks_private_fields_in_message_to_any_token(server: Server) -> None:
    """A message shows private values to every system with a token."""

    def hides(original: Original, row: Entity, field: Field, viewer: Any, place: Place) -> bool:
        leaks = place == "message" and viewer is not None
        return not leaks and bool(original(row, field, viewer, place))

    wrap(server.privacy, "hides", hides)


@fault("own-token-shows-private-fields")
def message_hides_from_owner(server: Server) -> None:
    """A message hides private values from the own system, too."""

    def hides(original: Original, row: Entity, field: Field, viewer: Any, place: Place) -> bool:
        private = place == "message" and row.privacy.get(field.hidden_by or "") == PRIVATE
        return private or bool(original(row, field, viewer, place))

    wrap(server.privacy, "hides", hides)
