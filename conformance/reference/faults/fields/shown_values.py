"""Faults: the type and the format in which responses show values."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.fields.objects import change_objects
from conformance.reference.faults.registry import add, fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.entities import Entity, Switch
    from conformance.reference.models import Field
    from conformance.reference.privacy import Place
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


def _show(
    key: str,
    form: Callable[[Any], object],
    original: Original,
    row: Entity,
    field: Field,
    *seen: object,
    only_in: Place | None = None,
) -> object:
    """Show the values of a key in another form; in one place alone, if it is given."""
    shown = original(row, field, *seen)
    return form(shown) if field.key == key and only_in in (None, seen[-1]) else shown


_CREATED = {
    "system": "system-created-datetime",
    "member": "member-created-nullable-datetime",
    "group": "group-created-nullable-datetime",
}
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
        list(_CREATED.values()),
        lambda shown: shown and shown[:10],
    ),
    (
        "shows_created_without_zone",
        "created",
        "created is shown without its offset from UTC.",
        list(_CREATED.values()),
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
    add(_name, _description, _violated_by, partial(_show, _key, _form), step="presenter.value")


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
    add(
        _name,
        _description,
        _violated_by,
        partial(_show, _key, _form, only_in="list"),
        step="presenter.value",
    )


def _cut_time(shown: dict[str, Any]) -> None:
    if shown.get("created"):
        shown["created"] = shown["created"][:10]


for _model, _violated in _CREATED.items():
    add(
        f"shows_created_of_{_model}_as_date",
        f"The created of a {_model} is a date without a time.",
        [_violated],
        partial(change_objects, _model, _cut_time),
    )


@fault("member-tts-boolean", "update-member-persists", only="2025-08", step="validation.changes")
def tts_follows_keep_proxy(original: Original, *given: Any) -> Patch:
    """A PATCH of both keep_proxy and tts gives both the value of keep_proxy."""
    patch: Patch = original(*given)
    if {"keep_proxy", "tts"} <= patch.fields.keys():
        patch.fields["tts"] = patch.fields["keep_proxy"]
    return patch


@fault("switch-timestamp-datetime", step="presenter.switch_frame")
def switch_timestamps_are_numbers(original: Original, row: Switch) -> dict[str, Any]:
    """Timestamps of switches are seconds since 1970."""
    shown: dict[str, Any] = original(row)
    return shown | {"timestamp": row.timestamp.timestamp()}
