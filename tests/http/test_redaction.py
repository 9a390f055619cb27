"""Redaction: no token in anything that is written or printed."""

from __future__ import annotations

import base64
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


@pytest.mark.parametrize(
    "form",
    [
        TOKEN.upper(),
        TOKEN[::-1],
        TOKEN.encode().hex(),
        TOKEN.encode().hex(" ").upper(),
        base64.urlsafe_b64encode(TOKEN.encode()).decode().rstrip("="),
        "".join(f"\\u{ord(c):04x}" for c in TOKEN),
        TOKEN.replace("c", "\\u0063")
        .replace("/", "\\/")
        .replace('"', '\\"')
        .replace("\\g", "\\\\g"),
        "".join(f"%{ord(c):02X}" for c in TOKEN),
        "".join(f"&#{ord(c)};" for c in TOKEN),
    ],
)
def test_forms_that_a_server_may_make(form: str) -> None:
    """A token is replaced in other cases, backwards, in hexadecimal, in base64, and with escapes of any of its characters."""
    assert Redactor({"$PK_TOKEN": TOKEN}).clean(f"<{form}>") == "<$PK_TOKEN>"


@pytest.mark.parametrize("before", ["", "a", "bb", "user:"])
def test_within_a_text_in_base64(before: str) -> None:
    """Wherever a token begins in a text in base64, what stands for it alone is replaced."""
    packed = base64.b64encode(f"{before}{TOKEN} and more".encode()).decode()
    cleaned = Redactor({"$PK_TOKEN": TOKEN}).clean(packed)
    assert "$PK_TOKEN" in cleaned
    assert len(cleaned) - len("$PK_TOKEN") <= len(packed) - len(TOKEN) * 4 // 3 + 2


def test_other_forms_of_a_short_secret_stay() -> None:
    """What a short secret looks like in another form may stand anywhere."""
    assert Redactor({"$PK_TOKEN": "abc"}).clean("ABC cba") == "ABC cba"
