"""Asking a server without a socket, and noting what it answers.

All that is asked of a server in this way is a story. The same story on two servers of the same seed has the same ids, so that
what they answer can be compared.
"""

from __future__ import annotations

import asyncio
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from conformance.reference.routing import BASE_PATH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.reference.application import Server

NOWHERE = "00000000-0000-4000-8000-000000000000"
ME = "/systems/@me"
STEPS = ("add", "remove", "overwrite")
TEXT = " Zoë & <b>Ünï</b> 👩‍👩‍👧 e\u0301\r\nline "
IMAGE = "https://images.example.com/a.png?size=1%2F2"
_MOMENT = re.compile(rb'"20\d\d-\d\d-\d\dT[^"]+"')

Answer = tuple[str, int, str, bytes]
"""A request line, the status, the media type, and the body without moments of this day."""


class Unlike(Exception):
    """An answer is not the known one."""


class Story:
    """What was asked and answered so far."""

    def __init__(self, server: Server, known: Sequence[Answer] = ()) -> None:
        """Begin on a server that nobody has used; ``known`` is what another one answered."""
        self.server = server
        self.answers: list[Answer] = []
        self._known = iter(known)
        self._today = datetime.now(UTC).date().isoformat().encode()
        self.loop = asyncio.new_event_loop()
        self.tokens = {
            "owner": server.seeded.first.token,
            "other": server.seeded.second.token,
            "wrong": "x" * 64,
        }

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        who: str = "owner",
        base: str = BASE_PATH,
        **headers: str | None,
    ) -> Any:
        """Send a request and return what the answer holds, or None for no JSON."""
        sent = {"user-agent": "story"} | (
            {"authorization": self.tokens[who]} if who in self.tokens else {}
        )
        if body is not None:
            sent["content-type"] = "application/json"
        content = (
            body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        )
        for name, value in headers.items():
            sent.pop(name.replace("_", "-"), None)
            sent |= {name.replace("_", "-"): value} if value is not None else {}
        status, media, shown = self.loop.run_until_complete(
            self._exchange(method, base + path, sent, content)
        )
        timeless = _MOMENT.sub(self._timeless, shown)
        self.answers.append((f"{who}: {method} {path}", status, media, timeless))
        if next(self._known, self.answers[-1]) != self.answers[-1]:
            raise Unlike
        try:
            return json.loads(shown)
        except ValueError:
            return None

    def get(self, *paths: str, who: str = "owner") -> None:
        """Read several things."""
        for path in paths:
            self.ask("GET", path, who=who)

    def made(self, path: str, body: object) -> str:
        """Create something and return its id, or one of nothing where there is none."""
        shown = self.ask("POST", path, body)
        return str(shown.get("id", NOWHERE)) if isinstance(shown, dict) else NOWHERE

    def _timeless(self, found: re.Match[bytes]) -> bytes:
        return b'"today"' if self._today in found[0] else found[0]

    async def _exchange(
        self, method: str, path: str, headers: dict[str, str], content: bytes
    ) -> tuple[int, str, bytes]:
        messages: list[Any] = []
        where, _, query = path.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": where,
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Any) -> None:
            messages.append(message)

        await self.server(scope, receive, send)
        start, *pieces = messages
        media = dict(start["headers"]).get(b"content-type", b"").decode()
        return start["status"], media, b"".join(piece["body"] for piece in pieces)

    def uuid(self, path: str) -> str:
        """Return the UUID of a thing, or one of nothing where it is not told."""
        shown = self.ask("GET", path)
        return str(shown.get("uuid", NOWHERE)) if isinstance(shown, dict) else NOWHERE

    def foreign(self, kind: str) -> list[str]:
        """Return the UUID of something of the other system, as a list."""
        return [next(iter(getattr(self.server.seeded.second, kind)))]

    def privacy_keys(self) -> dict[str, tuple[str, ...]]:
        """Return the privacy keys of each kind of thing that the revision knows."""
        models = self.server.store.models
        return {kind: getattr(models, kind).privacy_keys for kind in ("system", "member", "group")}
