"""Meaning: which ways of writing a value are one to the checks."""

from __future__ import annotations

import pytest

from conformance.contract.equivalence import has_value, means

TAG = {"prefix": "a", "suffix": None}


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("color", "ABCDEF"),
        ("proxy_tags", [TAG]),
        ("proxy_tags", [TAG | {"id": 1}]),
        ("proxy_tags", [{"prefix": "a"}]),
    ],
)
def test_same_meaning(key: str, shown: object) -> None:
    """The case of a colour, more keys of a proxy tag, and a side that is left out do not matter."""
    assert means(key, shown, "abcdef" if key == "color" else [TAG])


@pytest.mark.parametrize(
    ("key", "shown", "sent"),
    [
        ("name", "A", "a"),
        ("color", 123456, "123456"),
        ("proxy_tags", [TAG, TAG], [TAG]),
        ("proxy_tags", [{"prefix": None, "suffix": "a"}], [TAG]),
        ("proxy_tags", ["a"], [TAG]),
        ("keep_proxy", 1, True),
        ("description", None, ""),
    ],
)
def test_other_meaning(key: str, shown: object, sent: object) -> None:
    """All else matters."""
    assert not means(key, shown, sent)


@pytest.mark.parametrize("shown", [None, "", [], {}, 0, False, "null"])
def test_what_stands_for_no_value(shown: object) -> None:
    """What servers show where there is no value says nothing; all else does."""
    assert not has_value(shown)
    assert has_value([shown])
