"""The log of requests, for a page or a test that looks at what a client sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.sandbox.control.problems import Wrong

if TYPE_CHECKING:
    from conformance.sandbox.control.orders import Controlled, Order


class Requests:
    """Shows and forgets the log."""

    def __init__(self, sandbox: Controlled) -> None:
        self._sandbox = sandbox

    def index(self, order: Order) -> dict[str, Any]:
        """Return the requests with a number greater than that of the query, oldest first, and the last number given."""
        log = self._sandbox.log
        return {"last": log.last, "requests": log.after(_number(order.query.get("since", "0")))}

    def clear(self, order: Order) -> None:
        """Forget the requests; numbers go on."""
        del order
        self._sandbox.log.clear()


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(2**63))):
        message = f"since: '{text[:50]}' is no number; use the value of last, or leave it out"
        raise Wrong(message)
    return int(text)
