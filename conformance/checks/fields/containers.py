"""Responses are lists where the docs have lists, and objects where they have objects (docs: endpoints).

Nothing is sent from here: these are the responses to all other checks, which have nothing to look at in any other container.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each
from conformance.contract.rows import Row
from conformance.http import NotApplicable
from conformance.http.assertions import expect
from conformance.http.outcomes import Wording
from conformance.scenarios.responses import container

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Operation
    from conformance.scenarios.responses import Responses

# Requirements that say what an operation returns beside other things.
ALSO = {
    "getSystemSettings": "get-settings-owner",
    "updateSwitch": "update-switch-timestamp",
    "updateSwitchMembers": "update-switch-members",
}
NAMES = {list: "a list", dict: "an object"}


def returning(contract: Contract) -> Iterator[Row]:
    """Rows for the operations of which a requirement says what they return."""
    for operation in contract.operations.values():
        rules = contract.named("returns", operation=operation.id)
        if ALSO.get(operation.id) in contract.requirements:
            rules += (ALSO[operation.id],)
        if rules:
            yield Row(operation, operation.id, rules)


@each("operation", returning)
def check_response_is_in_its_container(operation: Operation, responses: Responses) -> None:
    """A successful response is a JSON object, or a list where many things are asked for."""
    if operation.id not in responses.by_operation:
        reason = f"no check had a successful response of {operation.id}"
        raise NotApplicable(reason)
    odd = responses.first_odd(operation.id)
    exchange = odd or responses.by_operation[operation.id]
    expect(
        f"response of {exchange.label}",
        holds=odd is None,
        expected=Wording(NAMES[container(operation)]),
        actual=Wording(exchange.text or "nothing"),
        exchange=exchange,
    )
