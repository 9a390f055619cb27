"""The clock of the sandbox: frozen, set ahead, and as that of this machine again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from conformance.reference import moments
from conformance.sandbox.control.problems import Wrong

if TYPE_CHECKING:
    from conformance.sandbox.control.orders import Controlled, Order

_EARLIEST = datetime(2015, 1, 1, tzinfo=UTC)  # where the ids of Discord begin
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)
_SECOND_NS = 1_000_000_000
_UNIX = datetime(1970, 1, 1, tzinfo=UTC)


class ClockControl:
    """Shows and moves the clock."""

    def __init__(self, sandbox: Controlled) -> None:
        self._clock = sandbox.clock

    def show(self, order: Order) -> dict[str, Any]:
        """Return what time it is."""
        del order
        now = moments.show(moments.of_unix(self._clock.time_ns()))
        return {"now": now, "frozen": self._clock.is_frozen}

    def freeze(self, order: Order) -> dict[str, Any]:
        """Let it stand still, at the instant of the body or where it is."""
        text = order.body.get("at")
        self._clock.freeze(None if text is None else _nanoseconds(text))
        return self.show(order)

    def advance(self, order: Order) -> dict[str, Any]:
        """Let so many seconds pass."""
        nanoseconds = round(order.body["seconds"] * _SECOND_NS)
        if (self._clock.time_ns() + nanoseconds) // _SECOND_NS > _LATEST.timestamp():
            message = f"seconds: {order.body['seconds']} is past the year 9000; use fewer"
            raise Wrong(message)
        self._clock.advance(nanoseconds)
        return self.show(order)

    def unfreeze(self, order: Order) -> dict[str, Any]:
        """Let it be the clock of this machine again."""
        self._clock.unfreeze()
        return self.show(order)


def _nanoseconds(text: str) -> int:
    moment = moments.read(text)
    if moment is None or not _EARLIEST <= moment < _LATEST:
        message = (
            f"at: '{text[:50]}' is no instant from 2015 on; use a form like 2030-01-01T12:00:00Z"
        )
        raise Wrong(message)
    return (moment - _UNIX) // timedelta(microseconds=1) * 1000
