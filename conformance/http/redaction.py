"""Redacts tokens in everything that is written or printed, in whichever form a server may return them."""

from __future__ import annotations

import base64
import functools
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SHORTEST = 8  # characters of a secret whose other forms are looked for: those of a shorter one may stand anywhere
ALIGNMENTS = 3  # of a text in base64, by how many bytes stand before it
REMEMBERED, LONGEST_REMEMBERED = (
    4096,
    400,
)  # texts, and characters of one: most headers come again and again
SIGNS = ("\\", "%", "&#")  # what escapes of JSON, URLs and HTML begin with
ESCAPE = re.compile(
    r"\\+u\{?([0-9a-f]{1,6})\}?|\\+x([0-9a-f]{2})|%([0-9a-f]{2})|&#x([0-9a-f]{1,6});|&#(\d{1,7});|\\+",
    re.IGNORECASE,
)
HEXADECIMAL, LAST_CHARACTER = 16, 0x10FFFF


class Redactor:
    """Replaces each secret by the name of the variable that holds it, like `$PK_TOKEN`."""

    def __init__(self, secrets: Mapping[str, str | None]) -> None:
        """Take `{"$PK_TOKEN": token, ...}`; names without a value are left out."""
        self._names: dict[str, str] = {}
        self._others: dict[str, tuple[str, re.Pattern[str]]] = {}
        self._escaped: dict[str, tuple[str, re.Pattern[str]]] = {}
        self._remembered = functools.lru_cache(REMEMBERED)(self._clean)
        for name, secret in secrets.items():
            self.learn(name, secret)

    def learn(self, name: str, secret: str | None) -> None:
        """Replace this secret, too, from now on; a secret that has a name already keeps it."""
        if not secret:
            return
        known = {**dict.fromkeys(_encodings(secret), name), **self._names}
        self._names = dict(sorted(known.items(), key=lambda pair: -len(pair[0])))
        if len(secret) >= SHORTEST:
            for form in _other_forms(secret):
                pattern = re.compile(re.escape(form), re.IGNORECASE)
                self._others.setdefault(form.lower(), (name, pattern))
            self._escaped.setdefault(_unescaped(secret).lower(), (name, _with_escapes(secret)))
        self._remembered.cache_clear()

    def clean(self, text: str) -> str:
        """Return `text` without any secret, in whichever form it has it."""
        return self._remembered(text) if len(text) <= LONGEST_REMEMBERED else self._clean(text)

    def clean_headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return the headers with lower-case names, both without secrets."""
        return {self.clean(name.lower()): self.clean(value) for name, value in headers.items()}

    def _clean(self, text: str) -> str:
        for encoded, name in self._names.items():
            text = text.replace(encoded, name)
        text = _replaced(text, text.lower(), self._others)
        if any(sign in text for sign in SIGNS):
            text = _replaced(text, _unescaped(text).lower(), self._escaped)
        return text


def _replaced(text: str, read: str, forms: Mapping[str, tuple[str, re.Pattern[str]]]) -> str:
    """Return the text without the forms that are found in what is `read` in it."""
    for form, (name, pattern) in forms.items():
        if form in read:
            text = pattern.sub(name, text)
    return text


def _encodings(secret: str) -> set[str]:
    return {
        secret,
        quote(secret),
        quote(secret, safe=""),
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
    }


def _other_forms(secret: str) -> set[str]:
    """Return forms that a server may make of a secret; they are looked for in upper and lower case."""
    raw = secret.encode()
    return {secret, secret[::-1], raw.hex(), raw.hex(" "), *_in_base64(raw)}


def _in_base64(raw: bytes) -> Iterator[str]:
    """Yield the letters that stand for these bytes alone, wherever they begin in a longer text."""
    for before in range(ALIGNMENTS):
        whole = bytes(before) + raw
        letters = base64.b64encode(whole)[(before * 8 + 5) // 6 : len(whole) * 8 // 6].decode()
        yield letters
        yield letters.translate(str.maketrans("+/", "-_"))


def _unescaped(text: str) -> str:
    """Return the text with the characters that escapes stand for, without backslashes."""
    return ESCAPE.sub(_character, text).replace("\\", "")


def _character(escape: re.Match[str]) -> str:
    number = next((int(part, HEXADECIMAL) for part in escape.groups()[:-1] if part), None)
    number = int(escape[5]) if escape[5] else number
    return "" if number is None or number > LAST_CHARACTER else chr(number)


def _with_escapes(secret: str) -> re.Pattern[str]:
    """Return a pattern of a secret, any of whose characters is an escape, or has a backslash before it."""
    forms = (
        rf"(?:\\*{re.escape(c)}|\\+u{{?0*{ord(c):x}}}?|\\+x{ord(c):02x}|%{ord(c):02x}|&#0*{ord(c)};|&#x0*{ord(c):x};)"
        for c in secret
    )
    return re.compile("".join(forms), re.IGNORECASE)
