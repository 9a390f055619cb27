"""A target in this very process, on a driven clock: real clients send to a real server, and neither network nor threads are between."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx

from conformance.http import Outcome
from conformance.rate_limits.timing import Means

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from conformance.http import Exchange
    from conformance.rate_limits.sending import Shot
    from conformance.reference.application import Server
    from tests.driven import DrivenClock


class Line(httpx.BaseTransport):
    """The way to a server in this process, which takes one request after the other; how long all that takes, in seconds."""

    def __init__(self, server: Server, clock: DrivenClock, latency: float, work: float) -> None:
        self._server, self._clock = server, clock
        self._way, self._work = latency / 2, work
        self._free = clock.ns

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Wait for the release, be under way, wait for the turn, be served, and be under way again."""
        request.extensions["trace"]("http11.send_request_headers.started", {})
        self._clock.sleep(self._way)
        self._clock.ns = max(self._clock.ns, self._free)
        response = _served(self._server, request)
        self._clock.sleep(self._work)
        self._free = self._clock.ns
        self._clock.sleep(self._way)
        return response


def _served(server: Server, request: httpx.Request) -> httpx.Response:
    """Call the application as a listener does."""
    reported: dict[str, Any] = {"body": b""}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": request.content, "more_body": False}

    async def send(event: Any) -> None:
        reported.update(event)

    scope = {
        "type": "http",
        "method": request.method,
        "path": request.url.path,
        "query_string": request.url.query,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 1),
    }
    _carry_out(server(scope, receive, send))
    return httpx.Response(reported["status"], headers=reported["headers"], content=reported["body"])


def _carry_out(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run what waits for nothing: an event loop would take longer than the server."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    message = "the server waited"
    raise RuntimeError(message)


class AtOnce(Executor):
    """Carries out what is submitted before it returns."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call it."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Outcome as problem:
            future.set_exception(problem)
        return future


def means(clock: DrivenClock) -> Means:
    """Return means without threads: one request after the other is sent, each at its own instant all the same."""

    def fire(shots: Sequence[Shot]) -> list[Exchange]:
        opened = ended = clock.ns
        exchanges: dict[int, Exchange] = {}

        def release(delay: float) -> None:
            clock.ns = opened
            clock.sleep(delay)

        for number, shot in sorted(enumerate(shots), key=lambda pair: pair[1].delay):
            exchanges[number] = shot.send(partial(release, shot.delay))
            ended = max(ended, clock.ns)
        clock.ns = ended
        return [exchanges[number] for number in range(len(shots))]

    return Means(clock, fire, lambda _: AtOnce())
