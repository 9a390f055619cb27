"""Requests that leave at instants of our choice: at once, or at a steady pace, however far away the target is.

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
class Shot:
    """A request to be sent, so many seconds after the first one; `send` takes what releases it."""

    send: Send
    delay: float = 0.0


class _Gate:
    """Opens when every request stands before it."""

    def __init__(self, number: int, clock: Clock) -> None:
        self.opened = 0.0
        self._clock = clock
        self._barrier = threading.Barrier(number, self._open, PATIENCE)

    @property
    def failed(self) -> bool:
        return self._barrier.broken

    def close(self) -> None:
        """Give up: some request never comes."""
        self._barrier.abort()

    def pass_at(self, delay: float) -> None:
        """Wait until all are there, and then until it is time."""
        try:
            self._barrier.wait()
        except threading.BrokenBarrierError:
            return
        self._clock.sleep(max(0.0, self.opened + delay - self._clock.monotonic()))

    def _open(self) -> None:
        self.opened = self._clock.monotonic()


def fire(shots: Sequence[Shot], clock: Clock = SYSTEM) -> list[Exchange]:
    """Send all of them, each at its instant; return the exchanges in the same order.

    Raises:
        Inconclusive: one of them got no response, or the connections could not be opened.

    """
    gate = _Gate(len(shots), clock)
    with ThreadPoolExecutor(max_workers=len(shots)) as pool:
        sent = [pool.submit(_send, shot, gate) for shot in shots]
        exchanges = [future.result() for future in sent]
    if gate.failed:
        reason = f"{len(shots)} connections could not be opened at once"
        raise Inconclusive(reason)
    return exchanges


def _send(shot: Shot, gate: _Gate) -> Exchange:
    try:
        return shot.send(lambda: gate.pass_at(shot.delay))
    except BaseException:
        gate.close()  # or the others would wait for it
        raise
