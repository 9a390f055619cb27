"""Requests that are valid but for one mistake of the caller: rejected with exactly the code that the docs name, and not carried out.

The mistake is a path or a list with a ref that names nothing, or an entity of the other system, or a missing User-Agent. Invalid
bodies are in `invalid_requests`, invalid tokens in `unauthorized`.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.http import NotApplicable
from conformance.http.outcomes import BudgetSpent
from conformance.properties.caller_mistakes import LISTED_MODEL, caller_mistakes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Operation
    from conformance.properties.budget import RunBudget
    from conformance.properties.caller_mistakes import CallerMistake
    from conformance.properties.own_entities import OwnEntities


def operations(contract: Contract) -> Iterator[Row]:
    """Rows for all operations."""
    return (Row(one, one.id) for one in contract.operations.values())


@requirement("errors-are-4xx-json")
@each("operation", operations)
def check_mistaken_request_is_rejected_as_documented(
    operation: Operation, contract: Contract, entities: OwnEntities, run_budget: RunBudget
) -> None:
    """A request that names what is not there, or not the caller's, is rejected with its code, and changes nothing."""
    with run_budget.part("mistakes", 1, len(list(operations(contract))), 2) as budget:
        if not budget.left:
            raise BudgetSpent(operation.id)
        with entities.within(budget):
            tried = _try(entities, operation)
    if not tried:
        reason = f"no mistake is possible with {operation.id}"
        raise NotApplicable(reason)


def _try(entities: OwnEntities, operation: Operation) -> list[CallerMistake]:
    """Send as many mistakes as the budget allows, and read what must be unchanged; return all mistakes that there are."""
    found, lists = _chosen(entities, operation), operation.id in LISTED_MODEL
    for caller_mistake in found:
        if entities.sender.budget.left < 2 * (1 + lists):
            break
        _send(entities, operation, caller_mistake)
        # What is rejected for one ref must not be done for the others.
        if lists and isinstance(caller_mistake.body, list) and len(caller_mistake.body) > 1:
            entities.compare_unchanged(operation, caller_mistake.expected_responses[0].violates)
    entities.compare_unchanged(operation)
    return found


def _chosen(entities: OwnEntities, operation: Operation) -> list[CallerMistake]:
    found = list(caller_mistakes(entities, operation))
    # A seed keeps its meaning as long as this text is the same.
    random.Random(f"slips {entities.account.seed} {operation.id}").shuffle(found)  # noqa: S311 no secret
    return found


def _send(entities: OwnEntities, operation: Operation, caller_mistake: CallerMistake) -> None:
    """Send a request with a mistake, and compare its response with those that the docs allow."""
    entities.sender.evidence.clear()
    exchange = entities.sender.send(
        operation.id,
        caller_mistake.caller,
        caller_mistake.refs,
        query=caller_mistake.query,
        json=caller_mistake.body,
        headers=caller_mistake.headers,
    )
    entities.sender.evidence.append(exchange)
    entities.sender.adopt(exchange)
    expected = (one for one in caller_mistake.expected_responses if exchange.status in one.statuses)
    entities.sender.compare(exchange, next(expected, caller_mistake.expected_responses[0]))
