"""Hypothesis strategies for what requests carry, made from the contract: valid for certain, and nothing that the docs leave open.

Text is of all Unicode but for control characters, surrogates and unassigned code points; it has no blanks at its ends, and
a character outside the basic plane counts as two.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from conformance.contract.samples import ZONES, is_free_text, sample, unusual

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract import Contract, Field

LONGEST = 79  # of texts for which the docs of the revision name no limit
LONGEST_AFFIX = 40  # of a proxy tag: two of them and the sample text stay below 100
# What a body never carries, since PluralKit production does not store it as documented: hand-written checks test it.
NOT_SENT: dict[str, dict[str, tuple[str, ...]]] = {
    "2025-08": {"SystemSettings": ("show_private_info", "hid_list_padding")},
    "2021-11": {
        "System": ("member_list_privacy", "front_privacy", "front_history_privacy"),
        "Group": ("icon_privacy",),
    },
}
# Values of read-only keys, which a body may carry and a server must not store.
READ_ONLY_VALUES: tuple[dict[str, str], ...] = (
    {"id": "zzzzz"},
    {"uuid": "00000000-0000-4000-8000-000000000000"},
    {"created": "2001-01-01T00:00:00Z"},
)
NOT_CLEARED = ("System", "name")  # at the launch its type has no null
CHARACTERS = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co", "Zl", "Zp"))


def sends(contract: Contract, model: str, key: str) -> bool:
    """Whether generated bodies carry a key, or a privacy key, of this model."""
    return key not in NOT_SENT.get(contract.revision, {}).get(model, ())


def bodies(contract: Contract, model: str, *, post: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Return bodies of a POST or PATCH without a name; those of a PATCH are not empty."""
    keys = {
        field.key: values(field)
        for field in contract.fields_of(model)
        if (field.in_post if post else field.in_patch)
        and field.key not in ("name", "privacy")
        and sends(contract, model, field.key)
    }
    if not post and model == "System":
        keys["name"] = values(contract.field(model, "name"))
    levels = privacy(contract, model, post=post)
    optional = {**keys, "privacy": levels} if levels is not None else keys
    made: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries({}, optional=optional)
    return made if post else made.filter(bool)


def everything(contract: Contract, model: str, seed: int) -> dict[str, Any]:
    """Return a body with a value in every key that a server might normalize, and everything private that hides a key from others."""
    fields = [
        field
        for field in contract.fields_of(model)
        if field.in_patch and sends(contract, model, field.key)
    ]
    body = {
        field.key: _untidy(field, seed + number)
        for number, field in enumerate(fields)
        if field.key != "privacy" and (field.key != "name" or model == "System")
    }
    hiding = [
        key.key
        for key in contract.privacy_keys_of(model)
        if key.hides and sends(contract, model, key.key)
    ]
    return {**body, "privacy": dict.fromkeys(hiding, "private")} if hiding else body


def _untidy(field: Field, variant: int) -> Any:
    if is_free_text(field):
        return unusual(field, variant)
    return url_with_query(field.key) if field.schema.get("format") == "uri" else sample(field, 0)


def privacy(
    contract: Contract, model: str, *, post: bool
) -> st.SearchStrategy[dict[str, Any]] | None:
    """Return privacy objects that are not empty; None where the docs of the revision have none."""
    keys = [row.key for row in contract.privacy_keys_of(model) if sends(contract, model, row.key)]
    if not keys or (post and "create-takes-privacy-keys" not in contract.requirements):
        return None
    level = st.sampled_from(["private", "public", "private", None])
    made: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
        {}, optional=dict.fromkeys(keys, level)
    )
    return made.filter(bool)


def values(field: Field) -> st.SearchStrategy[Any]:
    """Return valid values of one key, null among them where the docs allow it."""
    made = _values(field.schema, field)
    return (
        st.one_of(made, st.none())
        if field.nullable and (field.model, field.key) != NOT_CLEARED
        else made
    )


def _values(schema: Mapping[str, Any], field: Field) -> st.SearchStrategy[Any]:
    types = schema.get("type", ())
    if "enum" in schema:
        return st.sampled_from([value for value in schema["enum"] if value is not None])
    if "boolean" in types:
        return st.booleans()
    if "integer" in types:
        return st.integers(0, 100_000)
    if "array" in types:
        return tags()
    return _texts(schema, field)


def _texts(schema: Mapping[str, Any], field: Field) -> st.SearchStrategy[str]:
    form = schema.get("format")
    if form == "uri":
        slug = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_", min_size=1, max_size=30)
        return st.builds(_url, st.just(field.key), slug, st.sampled_from([0, 0, 0, 255, 256]))
    if form == "date":
        days = st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2100, 1, 1))
        return st.one_of(
            days.map(str), days.map(lambda day: f"0004-{str(day)[5:]}".replace("02-29", "02-28"))
        )
    if form == "timezone":
        return st.sampled_from(ZONES)
    if str(schema.get("pattern", "")).endswith("{6}$"):
        return st.text("0123456789abcdefABCDEF", min_size=6, max_size=6)
    return texts(schema.get("maxLength", LONGEST))


def texts(limit: int) -> st.SearchStrategy[str]:
    """Return texts of one to so many characters, some of exactly so many."""
    short = st.text(CHARACTERS, min_size=1, max_size=min(limit // 2, 30)).map(_stripped)
    full = st.builds(
        _filled, st.text(CHARACTERS, min_size=1, max_size=4), st.sampled_from([limit - 1, limit])
    )
    return st.one_of(short, short, full)


def tags() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return lists of proxy tags, no two alike."""
    affix = texts(LONGEST_AFFIX)
    both = st.fixed_dictionaries({"prefix": affix, "suffix": st.one_of(st.none(), affix)})
    return st.lists(
        both,
        max_size=3,
        unique_by=lambda tag: (tag["prefix"].casefold(), str(tag["suffix"]).casefold()),
    )


def url_with_query(key: str) -> str:
    """Return a URL that a server which normalizes URLs would change; each key has its own."""
    return f"https://example.com:8443/{key}/A%20b.png?size=256&v=1#top"


def _stripped(text: str) -> str:
    return text.strip() or "x"


def _filled(seed: str, length: int) -> str:
    """Return a text of exactly this length, counted in UTF-16 as well: no character in it counts twice."""
    plain = "".join(letter for letter in seed if ord(letter) < 0x10000) or "x"
    return ("a" + plain * length)[: length - 1] + "z"


def _url(key: str, slug: str, length: int) -> str:
    url = f"https://example.com/{key}/{slug}.png"
    return url if len(url) >= length else url[:-4] + "x" * (length - len(url)) + ".png"
