"""Which values are of a type that the document gives their key."""

from __future__ import annotations

import pytest

from conformance.contract import load
from conformance.contract.value_types import fits, type_of


@pytest.mark.parametrize(
    ("key", "value", "fitting"),
    [
        ("name", "a", True),
        ("name", 1, False),
        ("tts", False, True),
        ("tts", 0, False),
        ("tts", "false", False),
        ("message_count", 1, True),
        ("message_count", True, False),
        ("proxy_tags", [], True),
        ("proxy_tags", {}, False),
        ("pronouns", None, True),
        ("created", "2021-11-07T00:00:00Z", True),
        ("created", "2021-11-07T00:00:00", False),
        ("created", "2021-11-07", False),
        ("privacy", "anything", True),
    ],
)
def test_types(key: str, value: object, *, fitting: bool) -> None:
    """A boolean is no number, a moment has an offset, and a key without a type takes any value."""
    assert fits(load().field("Member", key), value) is fitting


@pytest.mark.parametrize(
    ("model", "key", "text"),
    [
        ("Member", "created", "date-time or null"),
        ("Member", "name", "string"),
        ("Member", "keep_proxy", "boolean"),
    ],
)
def test_type_in_words(model: str, key: str, text: str) -> None:
    """The type of a key is named by its format, and null is one of its types."""
    assert type_of(load().field(model, key)) == text
