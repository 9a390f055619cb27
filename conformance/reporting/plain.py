"""Text as reports show it: what a terminal obeys, or what turns the direction of writing, stands as an escape of JSON."""

from __future__ import annotations

import re

OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
"""What is not shown as it is."""


def plain(text: str) -> str:
    """Return the text with escapes; in the JSON of a body they mean the same."""
    return OBEYED.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
