"""Faults: private values in objects, and the privacy object. Private lists are in ``lists``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import add, fault
from conformance.reference.models import OWNER_ONLY
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.entities import Entity, System
    from conformance.reference.models import Field
    from conformance.reference.privacy import Place
    from conformance.reference.steps import Original

_HIDDEN_BY_PRIVACY = {
    ("system", "name"): "system-name-privacy-hides-name",
    ("system", "description"): "system-description-privacy-hides-description",
    ("system", "pronouns"): "system-pronoun-privacy-hides-pronouns",
    ("system", "avatar_url"): "system-avatar-privacy-hides-avatar",
    ("system", "banner"): "system-banner-privacy-hides-banner",
    ("member", "name"): "member-name-privacy",
    ("member", "display_name"): "member-display-name-under-name-privacy",
    ("member", "birthday"): "member-birthday-privacy",
    ("member", "pronouns"): "member-pronoun-privacy",
    ("member", "avatar_url"): "member-avatar-privacy",
    ("member", "webhook_avatar_url"): "member-webhook-avatar-under-avatar-privacy",
    ("member", "banner"): "member-banner-privacy",
    ("member", "description"): "member-description-privacy",
    ("member", "created"): "member-metadata-privacy",
    ("member", "message_count"): "message-count-under-metadata-privacy",
    ("member", "last_message_timestamp"): "last-message-timestamp-under-metadata-privacy",
    ("member", "proxy_tags"): "member-proxy-privacy",
    ("member", "autoproxy_enabled"): "autoproxy-enabled-own-system-only",
    ("group", "name"): "group-name-privacy",
    ("group", "display_name"): "group-display-name-under-name-privacy",
    ("group", "description"): "group-description-privacy",
    ("group", "icon"): "group-icon-privacy",
    ("group", "banner"): "group-banner-privacy",
    ("group", "created"): "group-metadata-privacy",
}
Leaks = Callable[["Entity", "Field", "System | None", "Place"], bool]


def _leak(server: Server, leaks: Leaks) -> None:
    def hides(
        original: Original, row: Entity, field: Field, viewer: System | None, place: Place
    ) -> bool:
        return bool(original(row, field, viewer, place)) and not leaks(row, field, viewer, place)

    wrap(server.privacy, "hides", hides)


def _leak_private(server: Server, leaks: Callable[[System | None, Place], bool]) -> None:
    """Leak what privacy keys hide, but not what is the owner's alone."""
    _leak(
        server,
        lambda _, field, viewer, place: field.hidden_by != OWNER_ONLY and leaks(viewer, place),
    )


def _leak_key(model: str, key: str, server: Server) -> None:
    _leak(server, lambda row, field, _, __: row.kind.name == model and field.key == key)


for (_model, _key), _violated in _HIDDEN_BY_PRIVACY.items():
    add(
        f"leaks_{_model}_{_key}",
        f"The private {_key} of a {_model} is shown to others.",
        [_violated],
        partial(_leak_key, _model, _key),
    )


def _leak_in(place: Place, server: Server) -> None:
    _leak_private(server, lambda viewer, shown_in: shown_in == place)  # noqa: ARG005


for _place in ("list", "group-members", "member-groups", "fronters", "switch"):
    add(
        f"leaks_private_fields_in_{_place.replace('-', '_')}",
        f"Private values are shown to others in one place: {_place}.",
        ["private-field-is-null"],
        partial(_leak_in, _place),
    )


@fault("private-field-is-null")
def leaks_private_fields_to_anonymous(server: Server) -> None:
    """Private values are hidden from other systems, but not without a token."""
    _leak_private(server, lambda viewer, _: viewer is None)


@fault("foreign-token-does-not-open-privacy")
def leaks_private_fields_to_any_token(server: Server) -> None:
    """Any valid token shows private values, not only that of the own system."""
    _leak_private(server, lambda viewer, _: viewer is not None)


@fault("private-field-keeps-key", "responses-contain-all-keys", step="presenter.entity")
def drops_private_fields(
    server: Server, original: Original, row: Entity, viewer: System | None, place: Place
) -> dict[str, Any]:
    """Private values disappear together with their keys."""
    shown: dict[str, Any] = original(row, viewer, place)
    for field in row.kind.fields:
        if server.privacy.hides(row, field, viewer, place):
            del shown[field.key]
    return shown


@fault("own-token-shows-private-fields", step="privacy.hides")
def hides_private_fields_from_owner(
    original: Original, row: Entity, field: Field, viewer: object, place: Place
) -> bool:
    """Private values are hidden from the own system, too."""
    private = row.privacy.get(field.hidden_by or "") == "private"
    return private or bool(original(row, field, viewer, place))


@fault("privacy-object-null-for-others", step="privacy.shows_privacy")
def shows_privacy_to_others(_original: Original, _row: object, _viewer: object) -> object:
    """The privacy object is shown to everybody."""
    return True


@fault("privacy-object-null-for-others", step="privacy.shows_privacy")
def shows_privacy_to_any_token(_original: Original, _row: object, viewer: Any) -> object:
    """The privacy object is shown to every system with a token."""
    return viewer is not None


@fault("privacy-object-shown-to-owner", step="privacy.shows_privacy")
def hides_privacy_from_owner(_original: Original, _row: object, _viewer: object) -> object:
    """The privacy object is hidden from the own system, too."""
    return False
