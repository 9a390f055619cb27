"""Writes that must be rejected, each sent once in several ways, with the read that shows what became of it.

Who sends what, and why it must be rejected, is said by the checks: without a token, with a wrong label, by another user.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.contract.equivalence import same
from conformance.http import NotApplicable, Outcome
from conformance.http.assertions import expect, need_success
from conformance.http.client import NO_BODY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.contract import Operation
    from conformance.http import Exchange
    from conformance.scenarios.valid_writes import Read, Write, Writes

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
class Attempt:
    """The responses to one operation, by the way it was sent in, and the state before and after all of them."""

    write: Write
    responses: dict[str, Exchange | Outcome]
    before: object = None
    after: Exchange | None = None
    now: object = None

    def response(self, way: str) -> Exchange:
        """Return one response; raises the outcome when there is none."""
        found = self.responses[way]
        if isinstance(found, Outcome):
            raise found
        return found


class Attempts:
    """Sends each operation in all its ways, once, when the first check asks for it."""

    def __init__(self, writes: Writes, ways: Callable[[Operation], Mapping[str, Way]]) -> None:
        """Take the valid requests, and a function that says in which ways an operation is sent."""
        self.writes, self.ways = writes, ways
        self._of: dict[str, Attempt | Outcome] = {}
        self._seen: dict[Read, Any] = {}

    def of(self, operation: Operation) -> Attempt:
        """Return what became of an operation."""
        if operation.id not in self._of:
            try:
                self._of[operation.id] = self._send(operation)
            except Outcome as problem:
                self._of[operation.id] = problem
        found = self._of[operation.id]
        if isinstance(found, Outcome):
            raise found
        return found

    def response(self, operation: Operation, way: str) -> Exchange:
        """Return the response to an operation that was sent in one of its ways."""
        return self.of(operation).response(way)

    def _send(self, operation: Operation) -> Attempt:
        write, writes = self.writes.write(operation), self.writes
        attempt = Attempt(write, {})
        if operation.writes:
            attempt.before = self._before(write)
            writes.account.will_change(operation.id)
        request = Request(operation, write, writes.query(operation))
        for name, way in self.ways(operation).items():
            attempt.responses[name] = self._response(request, way)
        if operation.writes:
            attempt.after = writes.read(write)
            attempt.now = writes.state(write, attempt.after)
            self._seen[writes.reader(write)] = attempt.now
            writes.claim(write, attempt.now)
        return attempt

    def _before(self, write: Write) -> Any:
        """Return how things are before the write; what the last one left is not read again."""
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


def expect_unchanged(attempt: Attempt) -> None:
    """What the rejected write would have changed is as it was; what it would have created is not there.

    Raises:
        NotApplicable: nothing of it was sent.

    """
    exchange = attempt.after
    if exchange is None or not any(not isinstance(a, Outcome) for a in attempt.responses.values()):
        reason = f"{attempt.write.operation} was not sent"
        raise NotApplicable(reason)
    expect(
        f"{exchange.operation.id} after a rejected {attempt.write.operation}",
        holds=exchange.ok and same(attempt.before, attempt.now),
        expected=attempt.before,
        actual=attempt.now if exchange.ok else f"status {exchange.status}",
        exchange=exchange,
    )
