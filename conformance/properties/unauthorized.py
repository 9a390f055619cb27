"""Without a valid token nothing that needs one is done (docs: reference#authentication, errors#json-error-codes)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.checks import each
from conformance.checks.auth.authentication import closed
from conformance.contract.rows import Row
from conformance.http.client import NO_BODY
from conformance.http.outcomes import BudgetSpent
from conformance.properties import attribution
from conformance.properties.expected_response import ExpectedResponse
from conformance.properties.requirement_ids import TOKEN_NEEDED
from conformance.scenarios.invalid_tokens import (
    KINDS,
    MALFORMED,
    MISSING,
    InvalidTokens,
    misplaced_token,
    rule_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Operation
    from conformance.http import Caller, Exchange
    from conformance.properties.budget import Budget, RunBudget
    from conformance.properties.own_entities import OwnEntities

WRAPPED = "wrapped"  # behind "Bearer", as other APIs require
ELSEWHERE = "header"  # another header: the only other place for a token that no proxy logs
INVALID_TOKENS = (*KINDS, WRAPPED, ELSEWHERE, *MALFORMED)


def needing_token(contract: Contract) -> Iterator[Row]:
    """Rows for the operations that need a token: by themselves, or because they are asked for `@me`."""
    for operation in closed(contract):
        yield Row(operation, operation.id, attribution.known(contract, "auth-missing-gives-401"))


@each("operation", needing_token)
def check_no_valid_token_no_access(
    operation: Operation, contract: Contract, entities: OwnEntities, run_budget: RunBudget
) -> None:
    """A request that needs a token returns 401 when it has none, or one that is not valid."""
    rows = list(needing_token(contract))
    first = [row.id for row in rows].index(operation.id) + entities.account.seed
    with run_budget.part("unauthorized", 1, len(rows), 2) as budget:
        if not budget.left:
            raise BudgetSpent(operation.id)
        with entities.within(budget):
            _try_tokens(entities, operation, first, budget)


def _try_tokens(entities: OwnEntities, operation: Operation, first: int, budget: Budget) -> None:
    refs = entities.refs(operation)
    body = entities.body(operation) if operation.request_schema else NO_BODY
    for turn in range(min(len(INVALID_TOKENS), max(1, budget.left - 2))):
        kind = INVALID_TOKENS[(first + turn) % len(INVALID_TOKENS)] if turn else KINDS[0]
        entities.sender.evidence.clear()
        exchange = _send(entities, operation, kind, refs, body)
        of_write = _of_write(entities.contract, operation) if kind in MISSING else ()
        requirement = "auth-token-in-authorization-header" if kind == ELSEWHERE else rule_of(kind)
        requirements = (*attribution.known(entities.contract, requirement, "err-0-401"), *of_write)
        # A proxy may reject a header that is not ASCII by itself.
        not_ascii = kind == "non-ascii"
        expected_response = (
            ExpectedResponse((400, 401), requirements)
            if not_ascii
            else ExpectedResponse((401,), requirements, (0,))
        )
        entities.sender.compare(exchange, expected_response)
    entities.compare_unchanged(operation, _of_write(entities.contract, operation))


def _of_write(contract: Contract, operation: Operation) -> tuple[str, ...]:
    """Return the requirements that say of this write that it needs a token."""
    known = attribution.known(contract, *TOKEN_NEEDED.values())
    return tuple(one for one in known if operation.id in contract.requirements[one].operations)


def _send(
    entities: OwnEntities, operation: Operation, kind: str, refs: dict[str, str], body: Any
) -> Exchange:
    """Send the operation with a token of this kind; what it creates in spite of it is deleted in the end."""
    entities.sender.budget.take()
    headers = None
    if kind == ELSEWHERE:
        headers = misplaced_token(kind, entities.account.owner.token or "")["headers"]
    exchange = _caller(entities, kind).send(
        operation.id, refs, json=body, query=entities.query(operation), headers=headers
    )
    entities.sender.evidence.append(exchange)
    entities.sender.adopt(exchange)
    return exchange


def _caller(entities: OwnEntities, kind: str) -> Caller:
    account = entities.account
    if kind == ELSEWHERE:
        return account.anonymous
    if kind == WRAPPED:
        return account.anonymous.with_token(f"Bearer {account.unknown_token()}", "anonymous")
    return InvalidTokens(account.owner, account).caller(kind)
