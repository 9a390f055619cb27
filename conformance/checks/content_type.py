"""A JSON body needs `Content-Type: application/json` (docs: reference#api-reference)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from conformance.checks import Row, changes_system, each, requirement
from conformance.checks.writes import Write, Writes
from conformance.wire import Outcome
from conformance.wire.expectation import expect_refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Operation
    from conformance.target import Target
    from conformance.wire import Exchange
    from conformance.world import World

WRONG = {
    "missing": None,
    "text": "text/plain",
    "form": "application/x-www-form-urlencoded",
}


def with_body(contract: Contract) -> Iterator[Row]:
    """Rows for each operation that takes a JSON body."""
    for operation in contract.operations.values():
        if operation.request_schema is not None:
            yield Row(operation, operation.id)


def mislabelled(contract: Contract) -> Iterator[Row]:
    """Rows for each such operation with each wrong label."""
    for row in with_body(contract):
        for label in WRONG:
            yield Row((row.value, label), f"{row.id}-{label}")


class Mislabelled:
    """Sends each body once with each wrong label."""

    def __init__(self, writes: Writes) -> None:
        """Take the valid requests to send."""
        self.writes = writes
        self._of: dict[str, tuple[Write, dict[str, Exchange]] | Outcome] = {}

    def of(self, operation: Operation) -> tuple[Write, dict[str, Exchange]]:
        """Return the answers of an operation, by label."""
        if operation.id not in self._of:
            try:
                self._of[operation.id] = self._send(operation)
            except Outcome as problem:
                self._of[operation.id] = problem
        found = self._of[operation.id]
        if isinstance(found, Outcome):
            raise found
        return found

    def _send(self, operation: Operation) -> tuple[Write, dict[str, Exchange]]:
        write = self.writes.write(operation)
        self.writes.look(write)
        self.writes.world.will_change(operation.id)
        answers = {}
        for label, value in WRONG.items():
            answers[label] = self.writes.world.owner.send(
                operation.id,
                write.refs,
                content=json.dumps(write.body).encode(),
                headers={"Content-Type": value},
                query=self.writes.query(operation),
            )
            self.writes.adopt(write, answers[label])
        return write, answers


@pytest.fixture(scope="session")
def sent(world: World, contract: Contract, target: Target) -> Mislabelled:
    """What all checks of this module look at."""
    return Mislabelled(Writes(world, contract, target))


@changes_system
@requirement("json-body-requires-content-type")
@each("case", mislabelled)
def check_mislabelled_body_is_refused(case: tuple[Operation, str], sent: Mislabelled) -> None:
    """A JSON body that is not labelled as application/json is refused."""
    operation, label = case
    expect_refused(sent.of(operation)[1][label])


@changes_system
@requirement("json-body-requires-content-type")
@each("operation", with_body)
def check_mislabelled_body_changes_nothing(operation: Operation, sent: Mislabelled) -> None:
    """A body that was refused for its label has changed nothing."""
    sent.writes.expect_unchanged(sent.of(operation)[0])
