"""Requests that are sent at chosen instants: at once, or at a steady pace, however far away the target is.

All connections are opened first; then each request is released at its instant, without waiting for the responses of others.
"""

from __future__ import annotations

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from conformance.http.clock import SYSTEM
from conformance.http.outcomes import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.http.clock import Clock
    from conformance.http.exchange import Exchange

    Send = Callable[[Callable[[], None]], Exchange]

PATIENCE = 10.0  # seconds until all connections must be open


@dataclasses.dataclass(frozen=True)
class TimedRequest:
    """A request to be sent, so many seconds after the first one; `send` takes what releases it."""

    send: Send
    delay: float = 0.0


class _Start:
    """Holds requests until the connections of all are open, and then each until its instant."""

    def __init__(self, number: int, clock: Clock) -> None:
        self.opened = 0.0
        self._clock = clock
        self._barrier = threading.Barrier(number, self._open, PATIENCE)

    @property
    def failed(self) -> bool:
        return self._barrier.broken

    def abort(self) -> None:
        """Give up: some request failed before it was sent."""
        self._barrier.abort()

    def wait_for(self, delay: float) -> None:
        """Wait until all connections are open, and then so many seconds."""
        try:
            self._barrier.wait()
        except threading.BrokenBarrierError:
            return
        self._clock.sleep(max(0.0, self.opened + delay - self._clock.monotonic()))

    def _open(self) -> None:
        self.opened = self._clock.monotonic()


def send_timed(requests: Sequence[TimedRequest], clock: Clock = SYSTEM) -> list[Exchange]:
    """Send all requests, each at its instant; return the exchanges in the same order.

    Raises:
        Inconclusive: one of them got no response, or the connections could not be opened.

    """
    start = _Start(len(requests), clock)
    with ThreadPoolExecutor(max_workers=len(requests)) as pool:
        sent = [pool.submit(_send, request, start) for request in requests]
        exchanges = [future.result() for future in sent]
    if start.failed:
        reason = f"{len(requests)} connections could not be opened at once"
        raise Inconclusive(reason)
    return exchanges


def _send(request: TimedRequest, start: _Start) -> Exchange:
    try:
        return request.send(lambda: start.wait_for(request.delay))
    except BaseException:
        start.abort()  # otherwise the others would wait for it
        raise
