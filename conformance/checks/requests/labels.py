"""Successful responses with content are labelled as JSON (docs: reference#api-reference).

Nothing is sent from here: these are the responses to all other checks. The labels of errors are tested in `errors.every_error`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.http import NotApplicable
from conformance.http.assertions import expect
from conformance.http.outcomes import Wording
from conformance.scenarios.responses import JSON, NO_CONTENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Operation
    from conformance.scenarios.responses import Responses


def with_content(contract: Contract) -> Iterator[Row]:
    """Rows for the operations whose success has content."""
    for operation in contract.operations.values():
        if int(operation.success) != NO_CONTENT:
            yield Row(operation, operation.id)


@requirement("success-is-labelled-json")
@each("operation", with_content)
def check_success_is_labelled_json(operation: Operation, responses: Responses) -> None:
    """The Content-Type of a successful response with content is application/json, with or without parameters."""
    if operation.id not in responses.by_operation:
        reason = f"no check had a successful response of {operation.id}"
        raise NotApplicable(reason)
    mislabelled = responses.mislabelled.get(operation.id)
    exchange = mislabelled or responses.by_operation[operation.id]
    expect(
        f"Content-Type of {exchange.label}",
        holds=mislabelled is None,
        expected=JSON,
        actual=exchange.headers.get("content-type") or Wording("no such header"),
        exchange=exchange,
    )
