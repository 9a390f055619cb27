"""Redaction: no token in anything that is written or printed."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from conformance.http import Redactor

TOKEN = 'abc/d+e="f\\g'  # noqa: S105 not a real one


@pytest.mark.parametrize(
    "encoded",
    [TOKEN, quote(TOKEN), quote(TOKEN, safe=""), json.dumps(TOKEN)[1:-1], repr(TOKEN)[1:-1]],
)
def test_every_encoding_is_replaced(encoded: str) -> None:
    """A token is replaced as it is, in a URL, in JSON and in Python's own notation."""
    assert Redactor({"$PK_TOKEN": TOKEN}).clean(f"<{encoded}>") == "<$PK_TOKEN>"


def test_longest_secret_is_replaced_first() -> None:
    """Of a token that contains another one no part is left."""
    redactor = Redactor({"$PK_TOKEN": "abc", "$PK_OTHER_TOKEN": "abcdef"})
    assert redactor.clean("abcdef abc") == "$PK_OTHER_TOKEN $PK_TOKEN"


def test_missing_secrets_change_nothing() -> None:
    """A token that was not given, or is empty, replaces nothing."""
    redactor = Redactor({"$PK_TOKEN": None, "$PK_OTHER_TOKEN": ""})
    assert redactor.clean("all of it") == "all of it"


def test_headers_are_cleaned() -> None:
    """Headers are returned with lower-case names and without tokens."""
    redactor = Redactor({"$PK_TOKEN": "abc"})
    assert redactor.clean_headers({"Authorization": "abc"}) == {"authorization": "$PK_TOKEN"}


def test_later_secrets_are_replaced_too() -> None:
    """A secret that is added later is replaced, longest first; one that has a name keeps it."""
    redactor = Redactor({"$PK_TOKEN": "abcd"})
    redactor.learn("$TRUNCATED_TOKEN", "abc")
    redactor.learn("$EXTENDED_TOKEN", "abcdx")
    redactor.learn("$UNKNOWN_TOKEN", "abcd")
    cleaned = redactor.clean("abcdx abcd abc")
    assert cleaned == "$EXTENDED_TOKEN $PK_TOKEN $TRUNCATED_TOKEN"
