"""The last requests of clients, in memory: what they sent, what came back, and how long that took.

No token is in it: of headers it has the names, and what looks like a token in a path, a query or a body is left out. The
file of `--request-log` is in `request_file`.
"""

from __future__ import annotations

import json
import re
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from conformance.reference import moments
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Receive, Scope

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import System
    from conformance.reference.steps import Original

KEPT = 1_000  # requests
LONGEST_BODY = 16_384  # bytes; longer ones are left out
LONGEST_TEXT = 2_000  # characters of a path, of a value of a query, of a user agent
_TOKEN = re.compile(r"[A-Za-z0-9+/]{64}")
_STARTED = "started_ns"  # a note of a request
DROPPED = "dropped"
"""A note of a request that gets no response."""
FAILURE = "failure"
"""A note of a request: the failure that was armed for it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One request, as small as it can be until somebody reads it."""

    number: int
    at: float
    method: str
    path: str
    query: dict[str, str]
    operation: str | None
    caller: str
    system: str | None
    user_agent: str | None
    headers: tuple[bytes, ...]
    body: bytes
    body_size: int
    status: int | None
    failure: str | None
    ms: float

    def shown(self) -> dict[str, Any]:
        """Return the request for JSON."""
        return {
            "number": self.number,
            "time": moments.show(datetime.fromtimestamp(self.at, UTC)),
            "method": self.method,
            "path": without_tokens(self.path),
            "query": {
                without_tokens(name): without_tokens(value) for name, value in self.query.items()
            },
            "operation": self.operation,
            "caller": self.caller,
            "system": self.system,
            "user_agent": self.user_agent and without_tokens(self.user_agent),
            "headers": [name.decode("latin-1") for name in self.headers],
            "body": _json(self.body),
            "body_size": self.body_size,
            "status": self.status,
            "failure": self.failure,
            "ms": self.ms,
        }


class RequestLog:
    """The last requests; each has a number, one more than that of the one before."""

    def __init__(self) -> None:
        self.last = 0
        self._entries: deque[Entry] = deque(maxlen=KEPT)

    def after(self, number: int) -> list[dict[str, Any]]:
        """Return those with a greater number, oldest first."""
        return [entry.shown() for entry in self._entries if entry.number > number]

    def clear(self) -> None:
        """Forget them."""
        self._entries.clear()

    def add(self, server: Server, call: Call, response: Response) -> None:
        """Keep a request that is about to get its response."""
        self.last += 1
        system = call.caller or server.authentication.identify(call)
        self._entries.append(
            Entry(
                number=self.last,
                at=time.time(),
                method=call.method,
                path=_short(call.path),
                query={_short(name): _short(value) for name, value in call.query.items()},
                operation=operation_id(server, call),
                caller=_caller(server, system),
                system=system.short_id if system else None,
                user_agent=call.user_agent and _short(call.user_agent),
                headers=tuple(name for name, _ in call.headers),
                body=call.body if len(call.body) <= LONGEST_BODY else b"",
                body_size=len(call.body),
                status=None if call.notes.get(DROPPED) else response.status_code,
                failure=call.notes.get(FAILURE),
                ms=round((time.perf_counter_ns() - call.notes[_STARTED]) / 1e6, 3),
            )
        )


def keep_log(server: Server, log: RequestLog) -> None:
    """Let a server keep each of its requests in the log."""

    async def arrival(original: Original, scope: Scope, receive: Receive) -> Call:
        started = time.perf_counter_ns()
        call: Call = await original(scope, receive)
        call.notes[_STARTED] = started
        return call

    def finish(original: Original, call: Call, response: Response) -> Response:
        finished: Response = original(call, response)
        log.add(server, call, finished)
        return finished

    wrap(server, "arrival", arrival)
    wrap(server, "finish", finish)


def operation_id(server: Server, call: Call) -> str | None:
    """Return the operation of a request as the OpenAPI document calls it, None when there is none at its path."""
    found = call.operation
    if found is None:
        wanted = "GET" if call.method == "HEAD" else call.method
        at_path = (operation for operation, _ in server.router.at(call.path))
        found = next((operation for operation in at_path if operation.method == wanted), None)
    return camel_case(found.name) if found else None


def camel_case(name: str) -> str:
    """Return `getMember` for `get-member`."""
    first, *rest = name.split("-")
    return first + "".join(word.capitalize() for word in rest)


def without_tokens(text: str) -> str:
    """Return a text with a placeholder for what looks like a token."""
    return _TOKEN.sub("[token]", text)


def _short(text: str) -> str:
    """Return the begin of a long text, without tokens before one is cut through."""
    return text if len(text) <= LONGEST_TEXT else without_tokens(text)[:LONGEST_TEXT]


def _caller(server: Server, system: System | None) -> str:
    if system is None:
        return "anonymous"
    return "owner" if system is server.seeded.first else "other"


def _json(body: bytes) -> object:
    try:
        value: object = json.loads(without_tokens(json.dumps(json.loads(body))))
    except (ValueError, RecursionError):
        return None
    return value
