"""Kinds of hostile bodies: each a whole response with status 200."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.run.hostile_kinds import ESCAPES, HARMLESS, KINDS, sized

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.run.hostile_kinds import Asked

    Body = Callable[[Asked], bytes]


def _instead(old: str) -> Callable[[str], Body]:
    """Return a function that makes a body in which the value of a key of the genuine one is another text of JSON."""
    return lambda new: (
        lambda asked: asked.body.replace(f'"{old}":'.encode(), f'"{old}":{new},"x":'.encode())
    )


def _reflected(asked: Asked) -> bytes:
    token = asked.token
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in token)
    forms = [token, token.upper(), token[::-1], token.encode().hex(), quote(token, safe="")]
    forms += [
        base64.b64encode(token.encode()).decode(),
        base64.urlsafe_b64encode(token.encode()).decode(),
    ]
    said = f"bad token {token}: {' '.join(forms)}"
    return (
        json.dumps({"id": token, "message": said})[:-1].encode()
        + f', "name": "{escaped}"}}'.encode()
    )


BODIES: dict[str, Body] = {
    "deep-nesting": lambda _: b"[" * 100_000 + b"]" * 100_000,
    "deep-objects": lambda _: b'{"id":' * 100_000 + b"1" + b"}" * 100_000,
    "nesting-of-900": _instead("name")("[" * 900 + "]" * 900),
    "nesting-of-600": _instead("name")('{"a":' * 600 + "1" + "}" * 600),
    "duplicate-keys": _instead("id")('"zzzzz"'),
    "nan": _instead("id")("NaN"),
    "lone-surrogates": _instead("name")('"\\ud800\\udfff\\ud800"'),
    "huge-integer": _instead("id")("9" * 5000),
    "huge-exponent": _instead("id")("1e999999"),
    "invalid-utf-8": lambda _: b'{"id": "\xff\xfe\xc3("}',
    "utf-16": lambda asked: asked.body.decode().encode("utf-16"),
    "byte-order-mark": lambda asked: b"\xef\xbb\xbf" + asked.body,
    "html": lambda _: b"<html><script>alert(1)</script><h1>It works!</h1></html>",
    "escapes": lambda _: json.dumps(
        {"id": ESCAPES, "message": ESCAPES, "code": 0}, ensure_ascii=False
    ).encode(),
    "escaped-escapes": lambda _: json.dumps({"id": ESCAPES, "name": ESCAPES}).encode(),
    "escapes-in-keys": lambda asked: asked.body.replace(
        b'{"', json.dumps({ESCAPES: 1})[:-1].encode() + b', "', 1
    ),
    "array-for-object": lambda asked: b"[" + asked.body + b"]",
    "null": lambda _: b"null",
    "empty-body": lambda _: b"",
    "token-in-body": _reflected,
}


def _response(make: Body) -> Callable[[Asked], Iterable[bytes]]:
    return lambda asked: sized(make(asked))


KINDS.update({name: _response(make) for name, make in BODIES.items()})
# A parser may keep the last of several values, and that one is genuine; the values of an object, and unknown keys, are for requirements
# that these runs do not check.
HARMLESS.update(
    ("duplicate-keys", "lone-surrogates", "escapes", "escaped-escapes", "escapes-in-keys")
)
HARMLESS.update(("token-in-body", "huge-exponent"))
