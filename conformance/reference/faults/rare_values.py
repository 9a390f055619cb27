"""Faults that only some values meet: rare characters, several entries, two keys of one body."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from conformance.reference.faults.registry import add, fault
from conformance.reference.faults.texts import KEPT
from conformance.reference.steps import wrap
from conformance.reference.validation import Invalid, flaw

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.models import Field, Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch

    Tags = list[dict[str, str | None]]

_DIRECTIONS = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_WIDE = {0xFF01 + place: 0x21 + place for place in range(94)}
_STORED = ["update-system-persists", "update-member-persists", "update-group-persists"]
_MOST_TAGS = 5


def _tidy(tidied: Callable[[str], str | None], server: Server) -> None:
    def read_text(original: Original, key: Field, value: object) -> str | None:
        text: str | None = original(key, value)
        return text and (tidied(text) or (None if key.nullable else text))

    wrap(server.validation, "read_text", read_text)


for _name, _description, _tidied in (
    (
        "drops_last_line_break",
        "A text loses the line break at its end.",
        lambda text: text.removesuffix("\n"),
    ),
    (
        "drops_direction_marks",
        "Texts lose the marks of the direction of writing.",
        lambda text: text.translate(_DIRECTIONS),
    ),
    (
        "makes_blanks_of_hard_ones",
        "A blank that forbids a line break becomes a common one.",
        lambda text: text.replace("\u00a0", " "),
    ),
    (
        "makes_wide_letters_narrow",
        "Letters of full width become those of ASCII.",
        lambda text: text.translate(_WIDE),
    ),
):
    add(_name, _description, KEPT, partial(_tidy, _tidied))


def _tidy_one(kind: str, key: str, server: Server) -> None:
    def read(original: Original, asked: Kind, *rest: Any) -> Patch:
        patch: Patch = original(asked, *rest)
        text = patch.fields.get(key)
        if asked.name == kind and isinstance(text, str):
            patch.fields[key] = text.strip()
        return patch

    wrap(server.validation, "read", read)


for _kind, _key in (("group", "name"), ("system", "tag")):
    add(
        f"trims_{_key}_of_{_kind}",
        f"The {_key} of a {_kind} loses the blanks around it.",
        [f"update-{_kind}-persists", f"update-{_kind}-returns-{_kind}"],
        partial(_tidy_one, _kind, _key),
        only="2025-08" if _kind == "system" else None,  # the first docs name no limit of a tag
    )


def _change_urls(changed: Callable[[str], str], server: Server) -> None:
    def read_url(original: Original, key: Field, value: object) -> str | None:
        url: str | None = original(key, value)
        return url and changed(url)

    wrap(server.validation, "read_url", read_url)


add(
    "drops_port_of_urls",
    "The URL of an image loses its port.",
    _STORED,
    partial(
        _change_urls,
        lambda url: url.replace(urlsplit(url).netloc, urlsplit(url).hostname or "", 1),
    ),
)

_TEXTS = ["member-description-max-1000", "group-description-max-1000", "member-name-max-100"]


@fault(*_TEXTS)
def counts_line_breaks_twice(server: Server) -> None:
    """A line break counts as two characters, as a form sends it."""

    def length_flaw(original: Original, key: Field, text: str) -> dict[str, Any] | None:
        found: dict[str, Any] | None = original(key, text.replace("\n", "\r\n"))
        return found

    wrap(server.validation, "length_flaw", length_flaw)


@fault("member-pronouns-max-100", *_TEXTS[:2])
def checks_length_of_first_key_alone(server: Server) -> None:
    """Of the texts of a body only the first is held to its limit."""
    first: list[bool] = []

    def read(original: Original, *words: Any) -> Patch:
        first[:] = [True]
        patch: Patch = original(*words)
        return patch

    def length_flaw(original: Original, key: Field, text: str) -> dict[str, Any] | None:
        found: dict[str, Any] | None = original(key, text) if first else None
        first.clear()
        return found

    wrap(server.validation, "read", read)
    wrap(server.validation, "length_flaw", length_flaw)


@fault(*_TEXTS)
def checks_no_length_beside_privacy(server: Server) -> None:
    """A body with a privacy object is not held to the limits of texts."""
    beside: list[bool] = []

    def read(original: Original, kind: Kind, body: dict[str, Any], *rest: Any) -> Patch:
        beside[:] = [True] if isinstance(body.get("privacy"), dict) else []
        patch: Patch = original(kind, body, *rest)
        return patch

    def length_flaw(original: Original, key: Field, text: str) -> dict[str, Any] | None:
        found: dict[str, Any] | None = None if beside else original(key, text)
        return found

    wrap(server.validation, "read", read)
    wrap(server.validation, "length_flaw", length_flaw)


@fault("member-birthday-real-date")
def takes_leap_day_of_1900(server: Server) -> None:
    """Every fourth year has a 29 February, 1900 among them."""

    def read_birthday(original: Original, key: Field, value: object) -> str | None:
        leap = isinstance(value, str) and re.fullmatch("[0-9]{2}00-02-29", value)
        text: str | None = str(value) if leap else original(key, value)
        return text

    wrap(server.validation, "read_birthday", read_birthday)


@fault("member-birthday-format")
def cuts_zeros_of_years(server: Server) -> None:
    """The year of a birthday before 1000 is shown without its zeros, unless it is 0004."""

    def read_birthday(original: Original, key: Field, value: object) -> str | None:
        text: str | None = original(key, value)
        return text if not text or text.startswith("0004-") else text.lstrip("0")

    wrap(server.validation, "read_birthday", read_birthday)


@fault("privacy-invalid-value-rejected")
def takes_privacy_in_any_case(server: Server) -> None:
    """A privacy value may have capital letters."""
    wrap(
        server.validation,
        "privacy_level",
        lambda original, value: original(value.lower() if isinstance(value, str) else value),
    )


def _change_tags(changed: Callable[[Tags], Tags], server: Server) -> None:
    def read_tags(original: Original, key: Field, value: object) -> Tags:
        return changed(original(key, value))

    wrap(server.validation, "read_tags", read_tags)


def _resplit(tag: dict[str, str | None]) -> dict[str, str | None]:
    prefix, _, suffix = f"{tag['prefix'] or ''}text{tag['suffix'] or ''}".partition("text")
    return {"prefix": prefix or None, "suffix": suffix or None}


def _length(tag: dict[str, str | None]) -> int:
    return len(tag["prefix"] or "") + len(tag["suffix"] or "")


_TAGS = ["member-proxy-tags-array", "update-member-persists", "create-stores-sent-keys"]
for _name, _description, _changed in (
    (
        "keeps_five_proxy_tags",
        "A member has its first five proxy tags, and no others.",
        lambda tags: tags[:_MOST_TAGS],
    ),
    (
        "sorts_proxy_tags",
        "Proxy tags are stored with the longest first.",
        lambda tags: sorted(tags, key=_length, reverse=True),
    ),
    (
        "keeps_one_proxy_tag_of_a_prefix",
        "Of two proxy tags with the same prefix the last is stored.",
        lambda tags: list({tag["prefix"]: tag for tag in tags}.values()),
    ),
    (
        "splits_proxy_tags_at_text",
        "A proxy tag is stored around the word text, which it may therefore not have in it.",
        lambda tags: [_resplit(tag) for tag in tags],
    ),
):
    add(_name, _description, _TAGS, partial(_change_tags, _changed))


@fault("proxytag-under-100")
def checks_first_proxy_tag_alone(server: Server) -> None:
    """Of several proxy tags only the first is held to the limit."""

    def read_tags(original: Original, key: Field, value: object) -> Tags:
        if not isinstance(value, list):
            raise Invalid(flaw("Proxy tags are a list."))
        first: Tags = original(key, value[:1])
        return [*first, *({"prefix": None, "suffix": None} | tag for tag in value[1:])]

    wrap(server.validation, "read_tags", read_tags)


@fault("create-stores-sent-keys", "update-member-persists", "update-group-persists")
def forgets_display_name_like_name(server: Server) -> None:
    """A display name that is the name sent with it becomes null."""

    def read(original: Original, kind: Kind, *rest: Any) -> Patch:
        patch: Patch = original(kind, *rest)
        name = patch.fields.get("name")
        if name is not None and patch.fields.get("display_name") == name:
            patch.fields["display_name"] = None
        return patch

    wrap(server.validation, "read", read)


@fault("member-tts-boolean", "update-member-persists", only="2025-08")
def tts_follows_keep_proxy(server: Server) -> None:
    """A PATCH of both keep_proxy and tts gives both the value of keep_proxy."""

    def changes(original: Original, *words: Any) -> Patch:
        patch: Patch = original(*words)
        if {"keep_proxy", "tts"} <= patch.fields.keys():
            patch.fields["tts"] = patch.fields["keep_proxy"]
        return patch

    wrap(server.validation, "changes", changes)


@fault("patch-null-clears-value")
def second_null_keeps_the_value(server: Server) -> None:
    """A PATCH with several keys that are null clears the first of them."""

    def changes(original: Original, *words: Any) -> Patch:
        patch: Patch = original(*words)
        for key in [key for key, value in patch.fields.items() if value is None][1:]:
            del patch.fields[key]
        return patch

    wrap(server.validation, "changes", changes)


@fault("privacy-set-private")
def patch_with_fields_ignores_privacy(server: Server) -> None:
    """A PATCH with privacy and other keys leaves the privacy as it was."""

    def changes(original: Original, *words: Any) -> Patch:
        patch: Patch = original(*words)
        if patch.fields:
            patch.privacy.clear()
        return patch

    wrap(server.validation, "changes", changes)


@fault("privacy-set-private", "privacy-set-public")
def privacy_keys_share_the_last_value(server: Server) -> None:
    """A PATCH of several privacy keys gives all of them the last value."""

    def changes(original: Original, *words: Any) -> Patch:
        patch: Patch = original(*words)
        for level in list(patch.privacy.values())[-1:]:
            patch.privacy = dict.fromkeys(patch.privacy, level)
        return patch

    wrap(server.validation, "changes", changes)
