"""Failures that are armed for the next requests of an operation: what a client seldom meets, and has to live through.

How they are armed from outside is in `control.failures`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from starlette.responses import Response

from conformance.reference.errors import Problem, Rejected
from conformance.reference.rate_limiter.limiter import Allowance
from conformance.reference.steps import wrap
from conformance.sandbox.request_log import DROPPED, FAILURE, operation_id

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original

KINDS = ("429", "500", "slow", "dropped", "204")


@dataclass
class Failure:
    """One that is armed: what happens, to which requests, and to how many more."""

    id: int
    failure: str
    operation: str | None = None
    method: str | None = None
    path: str | None = None
    requests: int = 1
    retry_after: int = 1000
    ms: int = 1000
    carried_out: bool = False

    def meets(self, call: Call, operation: str | None) -> bool:
        """Whether it is armed for a request."""
        return (
            self.operation in (None, operation)
            and self.method in (None, call.method)
            and (self.path is None or fnmatchcase(call.path, self.path))
        )


class Failures:
    """All that are armed, in the order in which they were."""

    def __init__(self) -> None:
        self.armed: list[Failure] = []
        self._last = 0

    def next_id(self) -> int:
        """Return the number of the next one."""
        self._last += 1
        return self._last

    def take(self, call: Call, operation: str | None) -> Failure | None:
        """Return the first one that is armed for a request, which counts."""
        found = next((failure for failure in self.armed if failure.meets(call, operation)), None)
        if found is not None:
            found.requests -= 1
            if not found.requests:
                self.armed.remove(found)
        return found

    def disarm(self, number: int | None = None) -> bool:
        """Forget all, or one; return whether there was any."""
        kept = [row for row in self.armed if number is not None and row.id != number]
        found = len(kept) < len(self.armed)
        self.armed = kept
        return found


def arm(server: Server, failures: Failures) -> None:
    """Let a server fail as is armed, except for the requests that browsers send before others."""

    def respond(original: Original, call: Call) -> Response:
        failure = None
        if failures.armed and call.method != "OPTIONS":
            failure = failures.take(call, operation_id(server, call))
        if failure is None:
            usual: Response = original(call)
            return usual
        call.notes[FAILURE] = failure.failure
        if failure.failure == "slow":
            return Delayed(original(call), failure.ms / 1000)
        if failure.carried_out:
            original(call)
        return _response(server, call, failure)

    wrap(server, "respond", respond)


def _response(server: Server, call: Call, failure: Failure) -> Response:
    if failure.failure == "429":
        return _too_many(server, call, failure.retry_after)
    if failure.failure == "500":
        return server.errors.response(Rejected(Problem.INTERNAL))
    if failure.failure == "204":
        return Response(status_code=204)
    call.notes[DROPPED] = True
    return Dropped()


def _too_many(server: Server, call: Call, retry_after: int) -> Response:
    """Return the rejection of the rate limiter, with its headers also where rates are not limited."""
    limiter = server.revision.limiter(server.limiter.options)
    scope = limiter.scope(call.method, call.path)
    allowance = Allowance(
        granted=False,
        scope=scope,
        limit=limiter.limit(scope),
        remaining=0,
        reset=limiter.reset(retry_after * 1_000_000),
        retry_after=retry_after,
    )
    response = server.errors.response(limiter.rejection(allowance))
    for name, value in limiter.headers(allowance).items():
        response.headers[name] = value
    return response


class Delayed(Response):
    """Another response, some seconds later."""

    def __init__(self, response: Response, seconds: float) -> None:
        self._response, self._seconds = response, seconds
        self.status_code, self.body = response.status_code, response.body
        self.raw_headers = response.raw_headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it when it is time."""
        await asyncio.sleep(self._seconds)
        await self._response(scope, receive, send)


class Dropped(Response):
    """No response: the connection is closed instead."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Close it, and wait until it is closed, so that the server sends nothing in place of a response."""
        del scope
        # Of ASGI's three arguments this one belongs to uvicorn's request, which knows the connection.
        send.__self__.transport.abort()  # type: ignore[attr-defined]
        while (await receive())["type"] != "http.disconnect":
            pass
