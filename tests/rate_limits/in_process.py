"""A target in this process on a simulated clock: real clients send to a real server, without network and threads."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx

from conformance.http import Outcome
from conformance.rate_limits.timing import Runtime

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from conformance.http import Exchange
    from conformance.rate_limits.sending import TimedRequest
    from conformance.reference.application import Server
    from tests.driven import DrivenClock


class InProcessTransport(httpx.BaseTransport):
    """A transport to a server in this process, which serves one request after the other.

    `latency` is the time there and back, `work` that of the server, both in seconds.
    """

    def __init__(self, server: Server, clock: DrivenClock, latency: float, work: float) -> None:
        self._server, self._clock = server, clock
        self._one_way, self._work = latency / 2, work
        self._free = clock.ns

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Wait for the release, half the latency, the requests before, the work of the server, and half the latency."""
        request.extensions["trace"]("http11.send_request_headers.started", {})
        self._clock.sleep(self._one_way)
        self._clock.ns = max(self._clock.ns, self._free)
        response = _served(self._server, request)
        self._clock.sleep(self._work)
        self._free = self._clock.ns
        self._clock.sleep(self._one_way)
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
    _run(server(scope, receive, send))
    return httpx.Response(reported["status"], headers=reported["headers"], content=reported["body"])


def _run(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine that never waits: an event loop would take longer than the server."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    message = "the server waited"
    raise RuntimeError(message)


class ImmediateExecutor(Executor):
    """Calls what is submitted at once, in the same thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call it."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Outcome as problem:
            future.set_exception(problem)
        return future


def runtime(clock: DrivenClock) -> Runtime:
    """Return a runtime without threads: it sends one request after the other, each at its own instant on the clock."""

    def send(requests: Sequence[TimedRequest]) -> list[Exchange]:
        opened = ended = clock.ns
        exchanges: dict[int, Exchange] = {}

        def release(delay: float) -> None:
            clock.ns = opened
            clock.sleep(delay)

        for number, timed in sorted(enumerate(requests), key=lambda pair: pair[1].delay):
            exchanges[number] = timed.send(partial(release, timed.delay))
            ended = max(ended, clock.ns)
        clock.ns = ended
        return [exchanges[number] for number in range(len(requests))]

    return Runtime(clock, send, lambda _: ImmediateExecutor())
