"""Redacts tokens in everything that is written or printed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping


class Redactor:
    """Replaces each secret by the name of the variable that holds it, like `$PK_TOKEN`."""

    def __init__(self, secrets: Mapping[str, str | None]) -> None:
        """Take `{"$PK_TOKEN": token, ...}`; names without a value are left out."""
        self._names: dict[str, str] = {}
        for name, secret in secrets.items():
            self.learn(name, secret)

    def learn(self, name: str, secret: str | None) -> None:
        """Replace this secret, too, from now on; a secret that has a name already keeps it."""
        found = dict.fromkeys(_encodings(secret), name) if secret else {}
        known = {**found, **self._names}
        self._names = dict(sorted(known.items(), key=lambda pair: -len(pair[0])))

    def clean(self, text: str) -> str:
        """Return `text` without any secret, in whichever encoding it has it."""
        for encoded, name in self._names.items():
            text = text.replace(encoded, name)
        return text

    def clean_headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return the headers with lower-case names and clean values."""
        return {name.lower(): self.clean(value) for name, value in headers.items()}


def _encodings(secret: str) -> set[str]:
    return {
        secret,
        quote(secret),
        quote(secret, safe=""),
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
    }
