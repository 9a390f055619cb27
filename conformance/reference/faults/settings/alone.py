"""Faults: a PATCH of one key of some settings, and nothing else, takes the value of another key away."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
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


def _take_with_it(
    kind: str, key: str, other: str, original: Original, row: Row, patch: Patch
) -> Any:
    if row.kind.name == kind and set(patch.fields) == {key}:
        value = row.fields.get(other)
        patch.fields[other] = False if isinstance(value, bool) else None
    return original(row, patch)


for _kind, _keys in _KEYS.items():
    for _pair in pairwise(_keys):
        for _key, _other in (_pair, _pair[::-1]):
            add(
                f"{_key}_of_{_kind.replace(' ', '_')}_takes_{_other}_with_it",
                f"A PATCH of {_key} alone in the {_kind} takes away the value of {_other}.",
                ["patch-preserves-missing-keys"],
                partial(_take_with_it, _kind, _key, _other),
                step="updates.merge",
                only="2025-08",
            )
