"""Faults: the lengths of texts and URLs of systems, members and groups."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Rejected
from conformance.reference.faults.fields.value_reading import replace_in_posts, take_values
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.models import Field, Kind
    from conformance.reference.steps import Original

_MAX_LENGTH = {
    ("system", "name"): (100, "system-name-max-100"),
    ("system", "description"): (1000, "system-description-max-1000"),
    ("system", "tag"): (79, "system-tag-max-79"),
    ("system", "pronouns"): (100, "system-pronouns-max-100"),
    ("member", "name"): (100, "member-name-max-100"),
    ("member", "display_name"): (100, "member-display-name-max-100"),
    ("member", "description"): (1000, "member-description-max-1000"),
    ("member", "pronouns"): (100, "member-pronouns-max-100"),
    ("group", "name"): (100, "group-name-max-100"),
    ("group", "display_name"): (100, "group-display-name-max-100"),
    ("group", "description"): (1000, "group-description-max-1000"),
    ("system", "avatar_url"): (256, "system-avatar-max-256"),
    ("system", "banner"): (256, "system-banner-max-256"),
    ("member", "avatar_url"): (256, "member-avatar-max-256"),
    ("member", "webhook_avatar_url"): (256, "member-webhook-avatar-max-256"),
    ("member", "banner"): (256, "member-banner-max-256"),
    ("group", "icon"): (256, "group-icon-max-256"),
    ("group", "banner"): (256, "group-banner-max-256"),
}
_ALL_LENGTHS = [violated for _, violated in _MAX_LENGTH.values()]
# Another fault ignores these limits alone.
_IGNORED_ALONE = (("system", "tag"), ("member", "webhook_avatar_url"), ("group", "icon"))


def _shift_limits(by: int, original: Original, key: Field, text: str) -> dict[str, Any] | None:
    limit = key.limit and key.limit + by
    found: dict[str, Any] | None = original(replace(key, limit=limit), text)
    return found and found | {"max_length": key.limit}


add(
    "limits_are_one_lower",
    "A text exactly as long as the limit is rejected.",
    _ALL_LENGTHS,
    partial(_shift_limits, -1),
    step="validation.length_flaw",
)
add(
    "limits_are_one_higher",
    "A text of one character more than the limit is accepted.",
    _ALL_LENGTHS,
    partial(_shift_limits, 1),
    step="validation.length_flaw",
)


def _ignore_limit(key: str, original: Original, field: Any, text: Any) -> object:
    return None if field.key == key else original(field, text)


for _key, _violated_by in {
    "tag": ["system-tag-max-79", "system-guild-tag-max-79"],
    "display_name": ["member-display-name-max-100", "group-display-name-max-100"],
    "webhook_avatar_url": ["member-webhook-avatar-max-256"],
    "icon": ["group-icon-max-256"],
}.items():
    add(
        f"ignores_limit_of_{_key}",
        f"{_key} may have any length.",
        _violated_by,
        partial(_ignore_limit, _key),
        step="validation.length_flaw",
    )


@fault(*_ALL_LENGTHS, step="validation.value")
def cuts_long_text(original: Original, key: Field, value: object) -> object:
    """A text that is too long is cut to its limit instead of rejected."""
    return original(key, value[: key.limit] if isinstance(value, str) else value)


def _stores_rejected(is_stored: Callable[[str, Any], bool], server: Server) -> None:
    """Let PATCH of a member reject values, and store some of them all the same."""

    def update(original: Original, call: Call) -> object:
        try:
            return original(call)
        except Rejected as rejected:
            body, wrong = server.bodies.mapping(call), rejected.errors or {}
            row = server.references.member(call.params["member"])
            stored = (key for key in wrong if key in body and is_stored(key, body[key]))
            row.fields.update({key: body[key] for key in stored})
            raise

    wrap(server.endpoints["members"], "update", update)


@fault("errors-are-4xx-json")
def stores_rejected_values(server: Server) -> None:
    """PATCH of a member rejects values, and stores them all the same."""
    _stores_rejected(lambda _, value: bool(value), server)


@fault("errors-are-4xx-json")
def stores_long_pronouns_though_rejected(server: Server) -> None:
    """PATCH of a member rejects pronouns that are too long, and stores them all the same."""
    _stores_rejected(lambda key, value: key == "pronouns" and isinstance(value, str), server)


def _one_too_many(limit: int, value: str) -> bool:
    return len(value) == limit + 1


for (_model, _key), (_limit, _violated) in _MAX_LENGTH.items():
    if (_model, _key) not in _IGNORED_ALONE:
        add(
            f"takes_one_character_more_in_{_model}_{_key}",
            f"The {_key} of a {_model} may have one character more than its limit.",
            [_violated],
            partial(take_values, _model, _key, partial(_one_too_many, _limit)),
        )


@fault(
    "member-name-max-100",
    "member-display-name-max-100",
    "member-description-max-1000",
    "member-pronouns-max-100",
    "member-avatar-max-256",
    "member-webhook-avatar-max-256",
    "member-banner-max-256",
    "group-name-max-100",
    "group-display-name-max-100",
    "group-description-max-1000",
    "group-icon-max-256",
    "group-banner-max-256",
)
def post_rejects_longest_texts(server: Server) -> None:
    """POST rejects a text that is exactly as long as it may be."""

    def flaw_of(original: Original, field: Field, text: str) -> Any:
        return original(field, text + " " if field.limit and len(text) == field.limit else text)

    replace_in_posts(server, "length_flaw", flaw_of)


@fault("member-description-max-1000")
def post_takes_one_character_more(server: Server) -> None:
    """POST takes a text that is one character too long."""

    def flaw_of(original: Original, field: Field, text: str) -> Any:
        over = field.limit and len(text) == field.limit + 1
        return None if over else original(field, text)

    replace_in_posts(server, "length_flaw", flaw_of)


@fault(
    "member-description-max-1000",
    "group-description-max-1000",
    "member-name-max-100",
    step="validation.length_flaw",
)
def counts_line_breaks_twice(original: Original, key: Field, text: str) -> object:
    """A line break counts as two characters, as in a form of HTML."""
    return original(key, text.replace("\n", "\r\n"))


@fault("member-pronouns-max-100", "member-description-max-1000", "group-description-max-1000")
def checks_length_of_first_key_alone(server: Server) -> None:
    """Only the first text of a body is held to its limit."""
    first: list[bool] = []

    def read(original: Original, *given: Any) -> object:
        first[:] = [True]
        return original(*given)

    def length_flaw(original: Original, key: Field, text: str) -> dict[str, Any] | None:
        found: dict[str, Any] | None = original(key, text) if first else None
        first.clear()
        return found

    wrap(server.validation, "read", read)
    wrap(server.validation, "length_flaw", length_flaw)


@fault("system-description-max-1000", "member-description-max-1000", "group-description-max-1000")
def checks_no_length_beside_privacy(server: Server) -> None:
    """In a body with a privacy object a description is not held to its limit."""
    beside: list[bool] = []

    def read(original: Original, kind: Kind, body: dict[str, Any], *rest: Any) -> object:
        beside[:] = [True] if isinstance(body.get("privacy"), dict) else []
        return original(kind, body, *rest)

    def length_flaw(original: Original, key: Field, text: str) -> dict[str, Any] | None:
        unchecked = beside and key.key == "description"
        found: dict[str, Any] | None = None if unchecked else original(key, text)
        return found

    wrap(server.validation, "read", read)
    wrap(server.validation, "length_flaw", length_flaw)


@fault(
    "system-tag-max-79",
    "member-name-max-100",
    "group-description-max-1000",
    step="validation.length_flaw",
)
def counts_bytes(original: Original, key: Field, text: str) -> object:
    """The length of a text is counted in bytes of UTF-8."""
    return original(key, text.encode().decode("latin-1"))
