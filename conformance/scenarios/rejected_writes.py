"""Writes that must be rejected, each sent once in several ways, with the read that shows whether it had an effect.

In which ways is up to the checks: without a token, with a wrong Content-Type, by another user.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.contract.equivalence import same
from conformance.http import NotApplicable, Outcome
from conformance.http.assertions import expect, need_success
from conformance.http.client import NO_BODY
from conformance.scenarios.once import outcome_of, value_or_raise
from conformance.scenarios.server_errors import is_server_error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.contract import Operation
    from conformance.http import Exchange
    from conformance.scenarios.valid_writes import Read, ValidWrites, Write

    Way = Callable[["Request"], Exchange]


@dataclasses.dataclass(frozen=True)
class Request:
    """One operation with valid parameters, body and query; only the way in which it is sent is wrong."""

    operation: Operation
    write: Write
    query: dict[str, str] | None

    @property
    def body(self) -> object:
        """The body as the client takes it."""
        return NO_BODY if self.write.body is None else self.write.body


@dataclasses.dataclass
class RejectedWrite:
    """The responses to one operation, by the way in which it was sent, and the state before and after all of them."""

    write: Write
    responses: dict[str, Exchange | Outcome]
    before: object = None
    after: Exchange | None = None
    now: object = None

    def response(self, way: str) -> Exchange:
        """Return one response; raises the outcome when there is none."""
        return value_or_raise(self.responses[way])


class RejectedWrites:
    """Sends each operation in all its ways, once, when a check first asks for it."""

    def __init__(self, writes: ValidWrites, ways: Callable[[Operation], Mapping[str, Way]]) -> None:
        """Take the valid requests, and a function that returns the ways in which to send an operation."""
        self.writes, self.ways = writes, ways
        self._results: dict[str, RejectedWrite | Outcome] = {}
        self._seen: dict[Read, Any] = {}

    def result(self, operation: Operation) -> RejectedWrite:
        """Return an operation as it was sent; raises the outcome that prevented it."""
        if operation.id not in self._results:
            self._results[operation.id] = outcome_of(lambda: self._send(operation))
        return value_or_raise(self._results[operation.id])

    def response(self, operation: Operation, way: str) -> Exchange:
        """Return the response to an operation that was sent in one of its ways."""
        return self.result(operation).response(way)

    def _send(self, operation: Operation) -> RejectedWrite:
        write, writes = self.writes.write(operation), self.writes
        rejected = RejectedWrite(write, {})
        if operation.writes:
            rejected.before = self._before(write)
        request = Request(operation, write, writes.query(operation))
        for name, way in self.ways(operation).items():
            rejected.responses[name] = self._response(request, way)
        if operation.writes:
            rejected.after = writes.read(write)
            rejected.now = writes.state(write, rejected.after)
            self._seen[writes.reader(write)] = rejected.now
            writes.claim(write, rejected.now)
        return rejected

    def _before(self, write: Write) -> Any:
        """Return the state before the write; it is not read again when the previous write has read it."""
        if write.kind is not None:
            return []
        read = self.writes.reader(write)
        if read not in self._seen:
            self._seen[read] = self.writes.state(write, need_success(self.writes.read(write)))
        return self._seen[read]

    @staticmethod
    def _response(request: Request, way: Way) -> Exchange | Outcome:
        try:
            return way(request)
        except Outcome as problem:
            return problem


def expect_unchanged(rejected: RejectedWrite) -> None:
    """The rejected write has changed nothing, and created nothing.

    Raises:
        NotApplicable: it was not sent in any way, or it was not rejected.

    """
    for response in rejected.responses.values():
        if not isinstance(response, Outcome) and response.ok:
            reason = f"{response.label} was not rejected"
            raise NotApplicable(reason, response)
    exchange = rejected.after
    if exchange is None or not any(not isinstance(a, Outcome) for a in rejected.responses.values()):
        reason = f"{rejected.write.operation} was not sent"
        raise NotApplicable(reason)
    if is_server_error(exchange):
        need_success(exchange)  # which says nothing of a change
    expect(
        f"{exchange.operation.id} after a rejected {rejected.write.operation}",
        holds=exchange.ok and same(rejected.before, rejected.now),
        expected=rejected.before,
        actual=rejected.now if exchange.ok else f"status {exchange.status}",
        exchange=exchange,
    )
