"""Faults: how long a text may be, and what a value must look like that a body sets."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Rejected, reject_value
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap
from conformance.reference.validation import Invalid, flaw

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Row
    from conformance.reference.models import Field, Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch

LIMITS = {
    "system": ("name-max-100", "description-max-1000", "tag-max-79", "pronouns-max-100"),
    "member": ("name-max-100", "display-name-max-100", "description-max-1000", "pronouns-max-100"),
    "group": ("name-max-100", "display-name-max-100", "description-max-1000"),
}
URLS = {
    "system": ("avatar", "banner"),
    "member": ("avatar", "webhook-avatar", "banner"),
    "group": ("icon", "banner"),
}
ALL_LIMITS = [f"{kind}-{rest}" for kind, found in LIMITS.items() for rest in found] + [
    f"{kind}-{key}-max-256" for kind, found in URLS.items() for key in found
]
ALL_URLS = [f"{kind}-{key}-is-url" for kind, found in URLS.items() for key in found]
COLORS = ["system-color-six-hex", "member-color-six-hex", "group-color-six-hex"]


def _shift_limits(by: int, server: Server) -> None:
    def length_flaw(original: Original, key: Field, text: str) -> dict[str, Any] | None:
        limit = key.limit and key.limit + by
        found: dict[str, Any] | None = original(replace(key, limit=limit), text)
        return found and found | {"max_length": key.limit}

    wrap(server.validation, "length_flaw", length_flaw)


add(
    "limits_are_one_lower",
    "A text exactly as long as the limit is rejected.",
    ALL_LIMITS,
    partial(_shift_limits, -1),
)
add(
    "limits_are_one_higher",
    "A text of one character more than the limit is accepted.",
    ALL_LIMITS,
    partial(_shift_limits, 1),
)


def _ignore_limit(key: str, server: Server) -> None:
    wrap(
        server.validation,
        "length_flaw",
        lambda original, field, text: None if field.key == key else original(field, text),
    )


for _key, _violated_by in {
    "tag": ["system-tag-max-79"],
    "display_name": ["member-display-name-max-100", "group-display-name-max-100"],
    "webhook_avatar_url": ["member-webhook-avatar-max-256"],
    "icon": ["group-icon-max-256"],
}.items():
    add(
        f"ignores_limit_of_{_key}",
        f"{_key} may have any length.",
        _violated_by,
        partial(_ignore_limit, _key),
    )


@fault(*ALL_LIMITS)
def cuts_long_text(server: Server) -> None:
    """A text that is too long is cut to its limit instead of rejected."""

    def value(original: Original, key: Field, value: object) -> object:
        return original(key, value[: key.limit] if isinstance(value, str) else value)

    wrap(server.validation, "value", value)


@fault("member-pronouns-max-100", "member-color-six-hex")
def stores_rejected_values(server: Server) -> None:
    """PATCH of a member rejects values, and stores them all the same."""
    members = server.endpoints["members"]

    def update(original: Original, call: Call) -> object:
        try:
            return original(call)
        except Rejected as rejected:
            body, wrong = server.bodies.mapping(call), rejected.errors or {}
            row = server.references.member(call.params["member"])
            row.fields.update({key: body[key] for key in wrong if body.get(key)})
            raise

    wrap(members, "update", update)


def _take(form: str, taken: Callable[[Any], bool], server: Server) -> None:
    """Store the values of a form for which `taken` is true as they are, without looking at them."""
    wrap(
        server.validation,
        f"read_{form}",
        lambda original, key, value: value if taken(value) else original(key, value),
    )


for _name, _form, _description, _violated_by, _taken in (
    (
        "takes_color_with_hash",
        "color",
        "A color may have a # in front.",
        ["system-color-no-hash", *COLORS],
        lambda value: value.startswith("#"),
    ),
    (
        "takes_color_of_three_digits",
        "color",
        "A color may have three digits.",
        COLORS,
        lambda value: len(value) == len("fff"),
    ),
    (
        "takes_color_of_any_letters",
        "color",
        "A color may have any six letters and digits.",
        COLORS,
        lambda value: len(value) == len("ffffff") and value.isalnum(),
    ),
    (
        "takes_any_text_for_url",
        "url",
        "The URL of an image may be any text that is not too long.",
        ALL_URLS,
        lambda value: not value.startswith("http"),
    ),
    (
        "takes_impossible_birthday",
        "birthday",
        "A birthday may be on a day that does not exist.",
        ["member-birthday-real-date"],
        lambda value: value.count("-") > 1,
    ),
    (
        "takes_birthday_with_slashes",
        "birthday",
        "A birthday may have any form.",
        ["member-birthday-format"],
        lambda value: "/" in value,
    ),
):
    add(_name, _description, _violated_by, partial(_take, _form, _taken))


@fault(*COLORS)
def rejects_capitals_in_color(server: Server) -> None:
    """The digits A to F of a color have to be in lower case."""

    def read_color(original: Original, key: Field, value: object) -> object:
        if value != str(value).lower():
            raise Invalid(flaw("A color is in lower case."))
        return original(key, value)

    wrap(server.validation, "read_color", read_color)


@fault("member-birthday-year-0004")
def birthday_without_year_becomes_0001(server: Server) -> None:
    """The year 0004 of a birthday becomes 0001."""

    def read_birthday(original: Original, key: Field, value: object) -> object:
        read = original(key, value)
        return read.replace("0004-", "0001-") if read else read

    wrap(server.validation, "read_birthday", read_birthday)


@fault("member-name-not-null", "group-name-not-null")
def patch_ignores_null_name(server: Server) -> None:
    """PATCH with null for the name of a member or group keeps the name, without an error."""

    def changes(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        if kind.name in ("member", "group") and body.get("name", "") is None:
            body = {key: value for key, value in body.items() if key != "name"} or {"privacy": {}}
            return server.validation.read(kind, body)
        patch: Patch = original(kind, body)
        return patch

    wrap(server.validation, "changes", changes)


@fault("system-name-nullable", "patch-null-clears-value")
def system_needs_a_name(server: Server) -> None:
    """PATCH of a system rejects null for the name."""

    def read(original: Original, kind: Kind, body: dict[str, Any], *rest: object) -> Patch:
        if kind.name == "system" and body.get("name", "") is None:
            reject_value("name", "A system has a name.")
        patch: Patch = original(kind, body, *rest)
        return patch

    wrap(server.validation, "read", read)


@fault("patch-null-clears-value")
def patch_null_keeps_group_icon(server: Server) -> None:
    """PATCH with null for the icon of a group leaves the icon as it was."""

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        if patch.fields.get("icon", "") is None:
            del patch.fields["icon"]
        merged: Row = original(row, patch)
        return merged

    wrap(server.updates, "merge", merge)


@fault("patch-keys-all-optional", "update-member-persists")
def patch_of_member_needs_a_name(server: Server) -> None:
    """PATCH of a member without a name is rejected."""

    def changes(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        if kind.name == "member":
            return server.validation.creation(kind, body)
        patch: Patch = original(kind, body)
        return patch

    wrap(server.validation, "changes", changes)


@fault("update-member-persists")
def merges_proxy_tags(server: Server) -> None:
    """PATCH adds proxy tags to those that are there."""

    def merge(original: Original, row: Row, patch: Patch) -> Row:
        if patch.fields.get("proxy_tags"):
            patch.fields["proxy_tags"] = [*row.fields["proxy_tags"], *patch.fields["proxy_tags"]]
        merged: Row = original(row, patch)
        return merged

    wrap(server.updates, "merge", merge)


def _tag_length(rejected: Callable[[int], bool], server: Server) -> None:
    """Judge proxy tags by the length of prefix and suffix alone."""

    def tag(_original: Original, entry: dict[str, Any]) -> dict[str, str | None]:
        sides = {side: entry.get(side) or None for side in ("prefix", "suffix")}
        if rejected(sum(len(text) for text in sides.values() if text)):
            raise Invalid(flaw("This proxy tag is too long."))
        return sides

    wrap(server.validation, "tag", tag)


add(
    "counts_proxy_tags_without_text",
    "The word text does not count for the length of a proxy tag.",
    ["proxytag-under-100"],
    partial(_tag_length, lambda length: length >= 100),  # noqa: PLR2004 the documented number
)
add(
    "rejects_long_proxy_tags",
    "A proxy tag with fewer than 100 characters is rejected.",
    ["proxytag-under-100"],
    partial(_tag_length, lambda length: length > 50),  # noqa: PLR2004 any lower number
)
