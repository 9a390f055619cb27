"""Tokens as they come by: each gets a name, and everything that is written has the name in its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.http import Redactor
from conformance.http.redaction import SHORTEST
from conformance.watch.catalogue import settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from conformance.watch.request import Request

AUTHORIZATION = "authorization"
OTHERS = ("cookie", "proxy-authorization", "set-cookie", "x-api-key")
_NAMES = ("$PK_TOKEN", "$PK_OTHER_TOKEN")
# As long as no id, and no path: a slash of base64 is encoded in an address.
_LIKE_TOKEN = re.compile(r"[A-Za-z0-9+=_-]{40,}")


class Secrets:
    """Which tokens were seen, by the names that replace them, and who sends them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Take the environment, whose tokens keep the names that they have there."""
        self._names: dict[str, str] = {}
        self._redactor = Redactor({})
        for name in _NAMES:
            token = environment.get(name.removeprefix("$"))
            if token:
                self._learn(token, name)

    def learn(self, request: Request) -> None:
        """Take in what a request has that may be secret."""
        if request.authorization:
            self._learn(_bare(request.authorization))
        names = settings_of("client-token-in-header")["names"]
        keys = request.json if isinstance(request.json, dict) else {}
        for name, value in [*request.query, *keys.items()]:
            if name.lower() in names and isinstance(value, str) and value:
                self._learn(_bare(value))
        for found in _LIKE_TOKEN.findall(request.target):
            self._learn(found)

    def caller(self, request: Request) -> str:
        """Return who sends a request: the owner of the first token, the other of any later one, or anonymous."""
        if not request.authorization:
            return "anonymous"
        return "owner" if self._names.get(_bare(request.authorization)) == _NAMES[0] else "other"

    def headers(self, headers: httpx.Headers) -> dict[str, str]:
        """Return headers without secrets."""
        shown = {}
        for name, value in headers.items():
            scheme, blank, _rest = value.strip().rpartition(" ")
            if name == AUTHORIZATION and value.strip():
                shown[name] = f"{scheme}{blank}{self._names.get(_bare(value.strip()), '$TOKEN')}"
            else:
                secret = f"$HEADER_{name.upper().replace('-', '_')}"
                shown[name] = secret if name in OTHERS else value
        return self._redactor.clean_headers(shown)

    def clean(self, text: str) -> str:
        """Return a text without secrets."""
        return self._redactor.clean(text)

    def clean_word(self, word: str) -> str:
        """Return a word of the command line without secrets, nor what looks like one."""
        return _LIKE_TOKEN.sub(_NAMES[0], self._redactor.clean(word))

    def _learn(self, token: str, name: str = "") -> None:
        if token in self._names:
            return
        taken = set(self._names.values())
        free = (one for one in _NAMES if one not in taken)
        self._names[token] = name or next(free, f"$TOKEN_{len(self._names) + 1}")
        if len(token) >= SHORTEST:  # a shorter one may stand anywhere
            self._redactor.learn(self._names[token], token)


def _bare(authorization: str) -> str:
    """Return a token without the word before it."""
    return authorization.rpartition(" ")[2]
