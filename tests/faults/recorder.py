"""Sends requests to a server without a socket, and records its responses.

The same series of requests to two servers of the same seed has the same ids, so that their responses can be compared.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from conformance.reference.routing import BASE_PATH
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conformance.reference.application import Server

NOWHERE = "00000000-0000-4000-8000-000000000000"
ME = "/systems/@me"
STEPS = ("add", "remove", "overwrite")
TEXT = " Zoë & <b>Ünï</b> 👩‍👩‍👧 e\u0301\r\nline "
IMAGE = "https://images.example.com/a.png?size=1%2F2"
GZIP = b"\x1f\x8b"
_MOMENT = re.compile(rb'"20\d\d-\d\d-\d\dT[^"]+"')

Response = tuple[str, int, list[tuple[bytes, bytes]], bytes]
"""A request line, the status, the headers with the length as right or wrong, and the body without times of today."""


class Different(Exception):
    """A response differs from the baseline."""


class Recorder:
    """The requests to one server, and its responses so far."""

    def __init__(self, server: Server) -> None:
        """Take a server that nobody has used; the clock of its limiter moves by `wait` alone."""
        self.server = server
        self.responses: list[Response] = []
        self.tokens = {
            "owner": server.seeded.first.token,
            "other": server.seeded.second.token,
            "wrong": "x" * 64,
        }
        self._now = 10**18
        wrap(server.limiter, "now", lambda _: self._now)
        wrap(server.limiter, "reset", lambda _, wait_ns: (self._now + wait_ns) // 10**6)
        self._baseline: Iterator[Response] = iter(())
        self._today = datetime.now(UTC).date().isoformat().encode()

    def record(
        self, series: Callable[[Recorder], None], baseline: Iterable[Response] = ()
    ) -> list[Response]:
        """Send a series of requests, up to the first response that differs from the baseline, and return the responses."""
        self._baseline = iter(baseline)
        self._loop = asyncio.new_event_loop()
        with contextlib.closing(self._loop), contextlib.suppress(Different):
            series(self)
        return self.responses

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        who: str = "owner",
        base: str = BASE_PATH,
        **headers: str | None,
    ) -> bytes:
        """Send a request and return the body of the response."""
        sent = {"user-agent": "tests"} | (
            {"authorization": self.tokens[who]} if who in self.tokens else {}
        )
        if body is not None:
            sent["content-type"] = "application/json"
        for name, value in headers.items():
            sent.pop(name.replace("_", "-"), None)
            sent |= {name.replace("_", "-"): value} if value is not None else {}
        messages = self._loop.run_until_complete(
            self._exchange(method, base + path, sent, encoded(body))
        )
        return self._record(f"{who}: {method} {path}", messages)

    def at_once(self, path: str, *bodies: dict[str, Any]) -> None:
        """Send a PATCH with each of the bodies before any of them returns."""
        headers = {
            "user-agent": "tests",
            "authorization": self.tokens["owner"],
            "content-type": "application/json",
        }

        async def all_of_them() -> list[list[Any]]:
            requests = (
                self._exchange("PATCH", BASE_PATH + path, headers, encoded(body)) for body in bodies
            )
            return await asyncio.gather(*requests)

        for messages in self._loop.run_until_complete(all_of_them()):
            self._record(f"at once: PATCH {path}", messages)

    def get(self, *paths: str, who: str = "owner") -> None:
        """Read several things."""
        for path in paths:
            self.send("GET", path, who=who)

    def create(self, path: str, body: object) -> str:
        """Create something and return its id, or an unknown id where the response has none."""
        return value_of(self.send("POST", path, body), "id")

    def uuid(self, path: str) -> str:
        """Return the UUID of an entity, or an unknown one where the response has none."""
        return value_of(self.send("GET", path), "uuid")

    def wait(self, seconds: float) -> None:
        """Move the clock of the limiter."""
        self._now += int(seconds * 10**9)

    def foreign(self, kind: str) -> list[str]:
        """Return a list with the UUID of an entity of the other system."""
        return [next(iter(getattr(self.server.seeded.second, kind)))]

    def privacy_keys(self) -> dict[str, tuple[str, ...]]:
        """Return the privacy keys of each kind of entity at the revision."""
        models = self.server.store.models
        return {kind: getattr(models, kind).privacy_keys for kind in ("system", "member", "group")}

    async def _exchange(
        self, method: str, path: str, headers: dict[str, str], content: bytes
    ) -> list[Any]:
        messages: list[Any] = []
        where, _, query = path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"spec_version": "2.4"},
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
        return messages

    def _record(self, request: str, messages: list[Any]) -> bytes:
        start, *pieces = messages
        shown = b"".join(piece["body"] for piece in pieces)
        length = (b"content-length", str(len(shown)).encode())
        headers = [(length[0], b"right") if row == length else row for row in start["headers"]]
        timeless = _MOMENT.sub(self._without_time, shown)
        response = (request, start["status"], headers, timeless)
        self.responses.append(response)
        if next(self._baseline, response) != response:
            raise Different
        return shown

    def _without_time(self, found: re.Match[bytes]) -> bytes:
        return b'"today"' if self._today in found[0] else found[0]


def encoded(body: object) -> bytes:
    """Return a body as it is sent: JSON, unless it is bytes already."""
    if isinstance(body, bytes):
        return body
    return b"" if body is None else json.dumps(body).encode()


def value_of(content: bytes, key: str) -> str:
    """Return the value of a key in a response, or an unknown id where there is none."""
    try:
        shown = json.loads(gzip.decompress(content) if content.startswith(GZIP) else content)
    except ValueError:
        return NOWHERE
    return str(shown.get(key, NOWHERE)) if isinstance(shown, dict) else NOWHERE
