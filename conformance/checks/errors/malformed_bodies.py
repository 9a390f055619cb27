"""A body that is not JSON, or not of the right form, returns 400 with code 0 (docs: errors#json-error-codes).

Bodies of the right form with wrong values are tested elsewhere.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from conformance.checks import each, requirement
from conformance.contract import inputs
from conformance.contract.rows import Row
from conformance.http.assertions import described, expect, expect_error
from conformance.http.outcomes import Wording
from conformance.scenarios.rejected_writes import RejectedWrites, expect_unchanged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.account import Account
    from conformance.contract import Contract, Operation
    from conformance.contract.inputs import Cell
    from conformance.http import Exchange
    from conformance.scenarios.rejected_writes import Request, Way
    from conformance.scenarios.valid_writes import ValidWrites


def malformed(contract: Contract) -> Iterator[Row]:
    """Rows for each operation that takes a body, with each class of bodies."""
    for cell in inputs.cells(contract, inputs.BODY):
        if not cell.because:
            yield Row(cell, cell.name, cell.input_class.requirements, cells=(cell,))


def with_body(contract: Contract) -> Iterator[Row]:
    """Rows for each operation that takes a body."""
    operations = dict.fromkeys(row.value.operation for row in malformed(contract))
    return (Row(operation, operation.id) for operation in operations)


@dataclasses.dataclass(frozen=True)
class SendBody:
    """Sends an operation with a body of one class, labelled as JSON."""

    account: Account
    cell: Cell

    def __call__(self, request: Request) -> Exchange:
        """Send the request, complete but for its body."""
        write = request.write
        exchange = self.account.owner.send(
            write.operation,
            write.refs,
            content=self.cell.input_class.sent.encode(),
            headers={"Content-Type": "application/json"},
            query=request.query,
        )
        if write.kind is not None:
            self.account.adopt(write.kind, {}, exchange)
        return exchange


@pytest.fixture(scope="session")
def malformed_bodies(
    valid_writes: ValidWrites, account: Account, contract: Contract
) -> RejectedWrites:
    """What all checks of this module look at."""
    cells = [row.value for row in malformed(contract)]

    def ways(operation: Operation) -> Mapping[str, Way]:
        own = (cell for cell in cells if cell.operation == operation)
        return {cell.input_class.id: SendBody(account, cell) for cell in own}

    return RejectedWrites(valid_writes, ways)


@each("cell", malformed)
def check_malformed_body_is_400(
    cell: Cell, malformed_bodies: RejectedWrites, contract: Contract
) -> None:
    """A body that is no JSON, or of the wrong form, returns 400 with code 0."""
    exchange = malformed_bodies.response(cell.operation, cell.input_class.id)
    if cell.is_as_upstream(exchange.status, contract.revision):
        expect(
            exchange.label,
            holds=False,
            expected=Wording("status 400 with code 0"),
            actual=described(exchange),
            exchange=exchange,
            as_upstream=True,
        )
    expect_error(exchange, cell.input_class.status[0], cell.input_class.code)


@requirement("err-0-400")
@each("operation", with_body)
def check_malformed_body_changes_nothing(
    operation: Operation, malformed_bodies: RejectedWrites
) -> None:
    """A body that was rejected for its form has changed nothing."""
    expect_unchanged(malformed_bodies.result(operation))
