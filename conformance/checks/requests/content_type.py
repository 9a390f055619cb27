"""A JSON body needs `Content-Type: application/json` (docs: reference#api-reference)."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import pytest

from conformance.checks import each, requirement
from conformance.contract import inputs
from conformance.contract.rows import Row
from conformance.http import NotApplicable
from conformance.http.assertions import described, expect, expect_rejected, need_success
from conformance.http.outcomes import Wording
from conformance.scenarios.input_answers import rows
from conformance.scenarios.rejected_writes import RejectedWrites, expect_unchanged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract import Contract, Operation
    from conformance.contract.inputs import Cell
    from conformance.http import Caller, Exchange
    from conformance.scenarios.rejected_writes import Request, Way
    from conformance.scenarios.valid_writes import ValidWrites

TRIED_WITH_MORE = "updateMember"
RIGHT = "Application/JSON; Charset=UTF-8"


def mislabelled(contract: Contract) -> Iterator[Row]:
    """Rows for each operation that takes a JSON body, with each of its wrong labels."""
    return rows(contract, inputs.HEADER, inputs.CONTENT_TYPE)


def with_body(contract: Contract) -> Iterator[Row]:
    """Rows for each such operation."""
    operations = dict.fromkeys(row.value.operation for row in mislabelled(contract))
    return (Row(operation, operation.id) for operation in operations)


@dataclasses.dataclass(frozen=True)
class WithContentType:
    """Sends a JSON body with a Content-Type of its own."""

    owner: Caller
    value: str | None

    def __call__(self, request: Request) -> Exchange:
        """Send the request, complete but for its label."""
        return self.owner.send(
            request.write.operation,
            request.write.refs,
            content=json.dumps(request.write.body).encode(),
            headers={"Content-Type": self.value},
            query=request.query,
        )


@pytest.fixture(scope="session")
def sent(valid_writes: ValidWrites, owner: Caller, contract: Contract) -> RejectedWrites:
    """What all checks of rejections look at."""
    cells = [row.value for row in mislabelled(contract)]

    def ways(operation: Operation) -> Mapping[str, Way]:
        own = (cell.input_class for cell in cells if cell.operation == operation)
        return {one.id: WithContentType(owner, one.value) for one in own}

    return RejectedWrites(valid_writes, ways)


@each("cell", mislabelled)
def check_mislabelled_body_is_rejected(
    cell: Cell, sent: RejectedWrites, contract: Contract
) -> None:
    """A JSON body that is not labelled as application/json is rejected."""
    exchange = sent.response(cell.operation, cell.input_class.id)
    expect_rejected(exchange, as_upstream=cell.is_as_upstream(exchange.status, contract.revision))


@requirement("json-body-requires-content-type")
@each("operation", with_body)
def check_mislabelled_body_changes_nothing(
    operation: Operation, sent: RejectedWrites, contract: Contract
) -> None:
    """A body that was rejected for its label has changed nothing."""
    attempt = sent.result(operation)
    for row in mislabelled(contract):
        cell = row.value
        if cell.operation == operation:
            status = attempt.response(cell.input_class.id).status
            if cell.is_as_upstream(status, contract.revision):
                reason = f"{operation.id} took a label that is JSON, though not the documented one"
                raise NotApplicable(reason, attempt.after)
    expect_unchanged(attempt)


@requirement("json-body-requires-content-type")
def check_label_is_read_as_a_media_type(
    valid_writes: ValidWrites, owner: Caller, contract: Contract
) -> None:
    """The case of application/json does not matter, nor does a charset after it."""
    operation = contract.operations[TRIED_WITH_MORE]
    write = valid_writes.write(operation)
    need_success(owner.send("getMember", write.refs))
    body = json.dumps({"description": "labelled in another way"}).encode()
    exchange = owner.send(
        TRIED_WITH_MORE, write.refs, content=body, headers={"Content-Type": RIGHT}
    )
    expect(
        f"{exchange.label} as {RIGHT}",
        holds=exchange.ok,
        expected=Wording("accepted"),
        actual=described(exchange),
        exchange=exchange,
    )
