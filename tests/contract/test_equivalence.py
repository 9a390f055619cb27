"""Meaning: which ways of writing a value are one to the checks."""

from __future__ import annotations

import pytest

from conformance.contract.equivalence import has_value, is_tidied, means

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
    ("shown", "sent"),
    [
        ("a b", "  a  b\t"),
        ("a", "A"),
        ("caf\u00e9", "cafe\u0301"),
        ("&lt;b&gt;a", "<b>a"),
        ("a\nb", "a\r\nb"),
        ("ab", "a\u200db"),
    ],
)
def test_tidied_text(shown: str, sent: str) -> None:
    """That a text was tidied is not for checks that ask what a value means."""
    assert means("description", shown, sent)
    assert is_tidied("description", sent, shown)
    assert not is_tidied("description", sent, sent)


@pytest.mark.parametrize(
    ("key", "shown", "sent"),
    [
        ("name", "A 1", "A 2"),
        ("name", "", "a"),
        ("avatar_url", "https://example.com/A.png", "https://example.com/a.png"),
        ("tag", "!", "?"),
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
