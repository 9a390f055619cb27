"""A JSON body needs `Content-Type: application/json` (docs: reference#api-reference)."""

from __future__ import annotations

import dataclasses
import itertools
import json
from typing import TYPE_CHECKING

import pytest

from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.http import NotApplicable
from conformance.http.assertions import described, expect, expect_rejected, need_success
from conformance.http.outcomes import Wording
from conformance.scenarios.rejected_writes import RejectedWrites, expect_unchanged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.contract import Contract, Operation
    from conformance.http import Caller, Exchange
    from conformance.scenarios.rejected_writes import Request, Way
    from conformance.scenarios.valid_writes import ValidWrites

# Labels that are not application/json; each operation gets the next one.
WRONG = {
    "text": "text/plain",
    "missing": None,
    "form": "application/x-www-form-urlencoded",
    "similar": "application/jsonx",
    "empty": "",
    "multipart": "multipart/form-data; boundary=conformance",
    "binary": "application/octet-stream",
}
# A label that is JSON, yet not the one that the docs ask for.
OTHER_JSON = {"text-json": "text/json"}
TRIED_WITH_MORE = "updateMember"
RIGHT = "Application/JSON; Charset=UTF-8"


def with_body(contract: Contract) -> Iterator[Row]:
    """Rows for each operation that takes a JSON body."""
    for operation in contract.operations.values():
        if operation.request_schema is not None:
            yield Row(operation, operation.id)


def labels(contract: Contract) -> dict[str, tuple[str, ...]]:
    """Return the labels that each operation is tried with."""
    turns = itertools.cycle(WRONG)
    return {
        row.id: (next(turns), *(OTHER_JSON if row.id == TRIED_WITH_MORE else ()))
        for row in with_body(contract)
    }


def mislabelled(contract: Contract) -> Iterator[Row]:
    """Rows for each such operation with each of its wrong labels."""
    for name, tried in labels(contract).items():
        for label in tried:
            yield Row((contract.operations[name], label), f"{name}-{label}")


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
    tried = labels(contract)

    def ways(operation: Operation) -> Mapping[str, Way]:
        known = WRONG | OTHER_JSON
        return {label: WithContentType(owner, known[label]) for label in tried[operation.id]}

    return RejectedWrites(valid_writes, ways)


@requirement("json-body-requires-content-type")
@each("case", mislabelled)
def check_mislabelled_body_is_rejected(case: tuple[Operation, str], sent: RejectedWrites) -> None:
    """A JSON body that is not labelled as application/json is rejected."""
    exchange = sent.response(*case)
    expect_rejected(exchange, as_upstream=exchange.ok and case[1] in OTHER_JSON)


@requirement("json-body-requires-content-type")
@each("operation", with_body)
def check_mislabelled_body_changes_nothing(operation: Operation, sent: RejectedWrites) -> None:
    """A body that was rejected for its label has changed nothing."""
    attempt = sent.result(operation)
    if any(attempt.response(label).ok for label in OTHER_JSON if label in attempt.responses):
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
