"""Faults: a PATCH of one key of some settings, and nothing else, takes the value of another key away."""

from __future__ import annotations

from functools import partial
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import add

if TYPE_CHECKING:
    from conformance.reference.entities import Row
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch

# Each key takes the next one with it; they are stored side by side. By the name of the settings.
_KEYS = {
    "settings": (
        "latch_timeout",
        "pings_enabled",
        "member_default_private",
        "group_default_private",
        "case_sensitive_proxy_tags",
        "proxy_error_message_enabled",
        "hid_display_caps",
        "hid_display_split",
    ),
    "system guild settings": ("proxying_enabled", "tag", "tag_enabled", "avatar_url"),
    "member guild settings": ("avatar_url", "display_name", "keep_proxy"),
}


# The values of the key that do so: any, those that take it away, and those that set it.
_VALUES = {"": (False, True), "_when_taken_away": (False,), "_when_set": (True,)}


def _take_with_it(
    kind: str,
    pair: tuple[str, str],
    sets: tuple[bool, ...],
    original: Original,
    row: Row,
    patch: Patch,
) -> Any:
    key, other = pair
    if row.kind.name == kind and set(patch.fields) == {key} and bool(patch.fields[key]) in sets:
        value = row.fields.get(other)
        patch.fields[other] = False if isinstance(value, bool) else None
    return original(row, patch)


for _kind, _keys in _KEYS.items():
    for _neighbours, (_suffix, _sets) in product(pairwise(_keys), _VALUES.items()):
        for _pair in (_neighbours, _neighbours[::-1]):
            _when = _suffix.replace("_", " ")
            add(
                f"{_pair[0]}_of_{_kind.replace(' ', '_')}_takes_{_pair[1]}_with_it{_suffix}",
                f"A PATCH of {_pair[0]} alone in the {_kind} takes away the value of {_pair[1]}{_when}.",
                ["patch-preserves-missing-keys"],
                partial(_take_with_it, _kind, _pair, _sets),
                step="updates.merge",
                only="2025-08",
            )
