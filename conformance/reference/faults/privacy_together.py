"""Faults: several private keys at once, hiding too much, and objects that differ from place to place."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.models import OWNER_ONLY, PRIVATE
from conformance.reference.privacy import LISTS
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.entities import Entity, Group, System
    from conformance.reference.models import Field
    from conformance.reference.privacy import ListName, Place
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


def _private(row: Entity) -> list[str]:
    """Return the private keys that hide fields, in the order of the model."""
    fields = {field.hidden_by: None for field in row.kind.fields}
    return [key for key in fields if key and row.privacy.get(key) == PRIVATE]


@fault("private-field-is-null")
def hides_the_first_private_key_alone(server: Server) -> None:
    """Of several private keys only the first hides anything."""

    def hides(original: Original, row: Entity, field: Field, *rest: object) -> bool:
        later = field.hidden_by in _private(row)[1:]
        return not later and bool(original(row, field, *rest))

    wrap(server.privacy, "hides", hides)


@fault("private-field-is-null")
def hides_all_but_the_last_private_key(server: Server) -> None:
    """Of several private keys the last hides nothing."""

    def hides(original: Original, row: Entity, field: Field, *rest: object) -> bool:
        private = _private(row)
        last = len(private) > 1 and field.hidden_by == private[-1]
        return not last and bool(original(row, field, *rest))

    wrap(server.privacy, "hides", hides)


@fault("create-takes-privacy-keys")
def post_takes_the_first_private_key(server: Server) -> None:
    """A POST makes no more than one key private."""

    def creation(original: Original, *words: object) -> Patch:
        patch: Patch = original(*words)
        private = [key for key, value in patch.privacy.items() if value == PRIVATE]
        patch.privacy.update(dict.fromkeys(private[1:], "public"))
        return patch

    wrap(server.validation, "creation", creation)


@fault("auth-optional-for-public-reads")
def hides_everything_with_one_private_key(server: Server) -> None:
    """One private key hides what the others cover, too."""

    def hides(original: Original, row: Entity, field: Field, viewer: object, place: Place) -> bool:
        private = not server.privacy.owns(viewer, row) and bool(_private(row))  # type: ignore[arg-type] # rows and viewers are entities
        return private or bool(original(row, field, viewer, place))

    wrap(server.privacy, "hides", hides)


@fault("auth-optional-for-public-reads")
def hides_avatars_with_descriptions(server: Server) -> None:
    """description_privacy hides avatars and icons, too."""

    def hides(original: Original, row: Entity, field: Field, viewer: object, place: Place) -> bool:
        picture = field.key in ("avatar_url", "icon") and not server.privacy.owns(viewer, row)  # type: ignore[arg-type] # rows and viewers are entities
        private = picture and row.privacy["description_privacy"] == PRIVATE
        return private or bool(original(row, field, viewer, place))

    wrap(server.privacy, "hides", hides)


def _hide_always(place: Place, server: Server) -> None:
    def hides(
        original: Original, row: Entity, field: Field, viewer: object, seen_in: Place
    ) -> bool:
        here = seen_in == place and not server.privacy.owns(viewer, row)  # type: ignore[arg-type] # rows and viewers are entities
        return here or bool(original(row, field, viewer, seen_in))

    wrap(server.privacy, "hides", hides)


for _place in ("single", "list", "fronters", "message"):
    add(
        f"hides_public_fields_in_{_place}",
        f"Others see nothing that a key could cover, private or not, in one place: {_place}.",
        ["auth-optional-for-public-reads"],
        partial(_hide_always, _place),
    )


@fault("auth-optional-for-public-reads")
def hides_colors_from_others(server: Server) -> None:
    """Colours, which no key covers, are null for others."""

    def value(original: Original, row: Entity, field: Field, viewer: Any, place: Place) -> object:
        if field.key == "color" and not server.privacy.owns(viewer, row):
            return None
        shown: object = original(row, field, viewer, place)
        return shown

    wrap(server.presenter, "value", value)


@fault("auth-optional-for-public-reads")
def closes_all_lists_with_one(server: Server) -> None:
    """One private list closes all lists of the system."""

    def check_list(original: Original, name: ListName, row: Entity, viewer: System | None) -> None:
        keys = [key for key, _ in LISTS.values() if row.privacy.get(key) == PRIVATE]
        if keys and not server.privacy.owns(viewer, row):
            raise Rejected(LISTS[name][1])
        original(name, row, viewer)

    wrap(server.privacy, "check_list", check_list)


@fault("auth-optional-for-public-reads")
def closes_fronters_with_history(server: Server) -> None:
    """A private history closes the fronters, too."""

    def check_list(original: Original, name: ListName, row: Entity, viewer: System | None) -> None:
        original(name, row, viewer)
        if name == "fronters" and not server.privacy.opens("switches", row, viewer):
            raise Rejected(LISTS[name][1])

    wrap(server.privacy, "check_list", check_list)


@fault("private-field-is-null", "member-name-privacy")
def upper_cases_private_names(server: Server) -> None:
    """In place of a private name others see the name in upper case."""

    def replacement(original: Original, row: Entity, field: Field) -> object:
        shown: object = original(row, field)
        return row.fields["name"].upper() if field.key == "name" and shown else shown

    wrap(server.presenter, "replacement", replacement)


@fault("private-field-is-null")
def empties_private_names(server: Server) -> None:
    """In place of a private name others see empty text."""

    def replacement(original: Original, row: Entity, field: Field) -> object:
        shown: object = original(row, field)
        return "" if field.key == "name" and shown else shown

    wrap(server.presenter, "replacement", replacement)


@fault("member-visibility-private")
def reports_invisible_members_of_groups(server: Server) -> None:
    """Groups that are listed with members name members with private visibility, too."""

    def member_uuids(original: Original, row: Group, viewer: System | None) -> list[str]:
        opened = server.privacy.opens("group-members", row, viewer)
        return list(row.members) if opened else original(row, viewer)

    wrap(server.presenter, "member_uuids", member_uuids)


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
    "A message tells everybody whether autoproxy is enabled for its member.",
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
