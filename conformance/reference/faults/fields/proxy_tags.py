"""Faults: proxy tags that are counted, stored or changed otherwise than documented."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import add, fault
from conformance.reference.validation import Invalid, flaw

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.entities import Row
    from conformance.reference.models import Field
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch

    Tags = list[dict[str, str | None]]


def _tag_length(
    rejected: Callable[[int], bool], _original: Original, entry: dict[str, Any]
) -> dict[str, str | None]:
    """Reject proxy tags by the length of prefix and suffix alone."""
    sides = {side: entry.get(side) or None for side in ("prefix", "suffix")}
    if rejected(sum(len(text) for text in sides.values() if text)):
        raise Invalid(flaw("This proxy tag is too long."))
    return sides


add(
    "counts_proxy_tags_without_text",
    "The word text does not count for the length of a proxy tag.",
    ["proxytag-under-100"],
    partial(_tag_length, lambda length: length >= 100),  # noqa: PLR2004 the documented number
    step="validation.tag",
)
add(
    "rejects_long_proxy_tags",
    "A proxy tag with fewer than 100 characters is rejected.",
    ["proxytag-under-100"],
    partial(_tag_length, lambda length: length > 50),  # noqa: PLR2004 any lower number
    step="validation.tag",
)


@fault("update-member-persists", step="updates.merge")
def merges_proxy_tags(original: Original, row: Row, patch: Patch) -> object:
    """PATCH adds proxy tags to those that are there."""
    if patch.fields.get("proxy_tags"):
        patch.fields["proxy_tags"] = [*row.fields["proxy_tags"], *patch.fields["proxy_tags"]]
    return original(row, patch)


def _change_tags(
    changed: Callable[[Tags], Tags], original: Original, key: Field, value: object
) -> Tags:
    return changed(original(key, value))


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
        lambda tags: tags[:5],
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
        "drops_suffix_like_prefix",
        "A proxy tag loses a suffix that is the same as its prefix.",
        lambda tags: [
            tag | {"suffix": None} if tag["prefix"] == tag["suffix"] else tag for tag in tags
        ],
    ),
    (
        "splits_proxy_tags_at_text",
        "A proxy tag is stored around the word text, which it may therefore not have in it.",
        lambda tags: [_resplit(tag) for tag in tags],
    ),
):
    add(_name, _description, _TAGS, partial(_change_tags, _changed), step="validation.read_tags")


@fault("proxytag-under-100", step="validation.read_tags")
def checks_first_proxy_tag_alone(original: Original, key: Field, value: object) -> Tags:
    """Of several proxy tags only the first is held to the limit."""
    if not isinstance(value, list):
        raise Invalid(flaw("Proxy tags are a list."))
    first: Tags = original(key, value[:1])
    return [*first, *({"prefix": None, "suffix": None} | tag for tag in value[1:])]


def _change_sides(
    changed: Callable[[str], str], original: Original, key: Field, value: object
) -> list[dict[str, Any]]:
    tags: list[dict[str, Any]] = original(key, value)
    return [{side: text and changed(text) for side, text in tag.items()} for tag in tags]


for _name, _description, _change in (
    ("trims_proxy_tags", "Proxy tags lose the blanks around them.", str.strip),
    ("lowers_proxy_tags", "Proxy tags are stored in lower case.", str.lower),
):
    add(
        _name,
        _description,
        ["create-stores-sent-keys", "update-member-persists", "update-member-returns-member"],
        partial(_change_sides, _change),
        step="validation.read_tags",
    )


@fault("update-member-persists", step="updates.merge")
def patch_ignores_empty_proxy_tags(original: Original, row: Row, patch: Patch) -> object:
    """PATCH with an empty list of proxy tags leaves the tags as they were."""
    if patch.fields.get("proxy_tags") == []:
        del patch.fields["proxy_tags"]
    return original(row, patch)
