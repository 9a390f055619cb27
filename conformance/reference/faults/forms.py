"""Faults: the form in which responses show values, and privacy objects."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.entities import Entity
    from conformance.reference.models import Field
    from conformance.reference.privacy import Place
    from conformance.reference.steps import Original


def _show(key: str, form: Callable[[Any], object], server: Server) -> None:
    """Show the values of a key in another form."""

    def value(
        original: Original, row: Entity, field: Field, viewer: object, place: Place
    ) -> object:
        shown = original(row, field, viewer, place)
        return form(shown) if field.key == key else shown

    wrap(server.presenter, "value", value)


CREATED = [
    "system-created-datetime",
    "member-created-nullable-datetime",
    "group-created-nullable-datetime",
]

for _name, _key, _description, _violated_by, _form in (
    (
        "shows_keep_proxy_as_number",
        "keep_proxy",
        "keep_proxy is shown as 0 or 1.",
        ["member-keep-proxy-boolean"],
        int,
    ),
    ("shows_tts_as_text", "tts", "tts is shown as text.", ["member-tts-boolean"], str),
    (
        "shows_autoproxy_enabled_as_number",
        "autoproxy_enabled",
        "autoproxy_enabled is shown as 0 or 1.",
        ["member-autoproxy-enabled-nullable"],
        lambda shown: None if shown is None else int(shown),
    ),
    (
        "shows_message_count_as_text",
        "message_count",
        "message_count is shown as text.",
        ["member-message-count-nullable-int"],
        lambda shown: None if shown is None else str(shown),
    ),
    (
        "shows_no_last_message_as_empty_text",
        "last_message_timestamp",
        "last_message_timestamp is empty text when there is no message.",
        ["member-last-message-timestamp-nullable"],
        lambda shown: shown or "",
    ),
    (
        "shows_created_as_date",
        "created",
        "created is shown as a date without a time.",
        CREATED,
        lambda shown: shown and shown[:10],
    ),
    (
        "shows_created_without_zone",
        "created",
        "created is shown without its offset from UTC.",
        CREATED,
        lambda shown: shown and shown.removesuffix("Z"),
    ),
    (
        "omits_null_side_of_proxy_tag",
        "proxy_tags",
        "A proxy tag lacks the side that is null.",
        ["proxytag-prefix-suffix"],
        lambda shown: [{side: text for side, text in tag.items() if text} for tag in shown],
    ),
    (
        "shows_proxy_tags_as_text",
        "proxy_tags",
        "Proxy tags are shown as texts.",
        ["member-proxy-tags-array", "proxytag-prefix-suffix"],
        lambda shown: [f"{tag['prefix'] or ''}text{tag['suffix'] or ''}" for tag in shown],
    ),
):
    add(_name, _description, _violated_by, partial(_show, _key, _form))


@fault(*[f"{kind}-privacy-keys-2025-08" for kind in ("system", "member", "group")])
def omits_last_privacy_key(server: Server) -> None:
    """Privacy objects lack their last key."""

    def privacy(original: Original, row: Entity, viewer: object) -> dict[str, str] | None:
        shown: dict[str, str] | None = original(row, viewer)
        return shown and dict(list(shown.items())[:-1])

    wrap(server.presenter, "privacy", privacy)


@fault("privacy-values-public-private")
def shows_privacy_as_booleans(server: Server) -> None:
    """Privacy values of members and groups are shown as true and false."""

    def privacy(original: Original, row: Entity, viewer: object) -> dict[str, Any] | None:
        shown: dict[str, str] | None = original(row, viewer)
        if not shown or row.kind.name == "system":
            return shown
        return {key: value == "private" for key, value in shown.items()}

    wrap(server.presenter, "privacy", privacy)


def _show_in_lists(key: str, form: Callable[[Any], object], server: Server) -> None:
    """Show the values of a key in another form, in lists alone."""

    def value(
        original: Original, row: Entity, field: Field, viewer: object, place: Place
    ) -> object:
        shown = original(row, field, viewer, place)
        return form(shown) if field.key == key and place == "list" else shown

    wrap(server.presenter, "value", value)


for _name, _key, _description, _violated_by, _form in (
    (
        "lists_color_as_number",
        "color",
        "Lists show a color as a number.",
        ["member-color-six-hex", "group-color-six-hex"],
        lambda shown: shown and int(shown, 16),
    ),
    (
        "lists_keep_proxy_as_number",
        "keep_proxy",
        "Lists show keep_proxy as 0 or 1.",
        ["member-keep-proxy-boolean"],
        int,
    ),
    (
        "lists_no_proxy_tags_as_null",
        "proxy_tags",
        "Lists show null for members without proxy tags.",
        ["member-proxy-tags-array", "non-nullable-type-not-null"],
        lambda shown: shown or None,
    ),
    (
        "lists_banner_as_object",
        "banner",
        "Lists show a banner as an object with its URL.",
        ["get-members-returns-list", "get-groups-returns-list"],
        lambda shown: shown and {"url": shown},
    ),
):
    add(_name, _description, _violated_by, partial(_show_in_lists, _key, _form))
