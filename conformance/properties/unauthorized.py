"""Without a valid token nothing that needs one is done (docs: reference#authentication, errors#json-error-codes)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.checks import changes_system, each
from conformance.checks.auth.authentication import closed
from conformance.contract.rows import Row
from conformance.http import NotApplicable
from conformance.http.client import NO_BODY
from conformance.properties import attribution
from conformance.properties.oracle import ExpectedResponse
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
    from conformance.properties.budget import Budget, Shares
    from conformance.properties.entities import Cast

WRAPPED = "wrapped"  # as other APIs want a token
ELSEWHERE = "header"  # the only place for it that no log on the way keeps
NO_TOKENS = (*KINDS, WRAPPED, ELSEWHERE, *MALFORMED)


def protected(contract: Contract) -> Iterator[Row]:
    """Rows for the operations that need a token: by themselves, or because they are asked for `@me`."""
    for operation in closed(contract):
        yield Row(operation, operation.id, attribution.known(contract, "auth-missing-gives-401"))


@changes_system
@each("operation", protected)
def check_no_valid_token_no_access(
    operation: Operation, contract: Contract, cast: Cast, shares: Shares
) -> None:
    """A request that needs a token returns 401 when it has none, or one that is not valid."""
    rows = list(protected(contract))
    first = [row.id for row in rows].index(operation.id) + cast.account.seed
    with shares.part("unauthorized", 1, len(rows), 2) as budget:
        if not budget.left:
            reason = f"the budget left no request for {operation.id}"
            raise NotApplicable(reason)
        with cast.lent(budget):
            _try_tokens(cast, operation, first, budget)


def _try_tokens(cast: Cast, operation: Operation, first: int, budget: Budget) -> None:
    refs = cast.refs(operation)
    body = cast.body(operation) if operation.request_schema else NO_BODY
    for turn in range(min(len(NO_TOKENS), max(1, budget.left - 2))):
        kind = NO_TOKENS[(first + turn) % len(NO_TOKENS)] if turn else KINDS[0]
        cast.arena.kept.clear()
        exchange = _send(cast, operation, kind, refs, body)
        of_writes = _of_writes(cast.contract, operation) if kind in MISSING else ()
        rule = "auth-token-in-authorization-header" if kind == ELSEWHERE else rule_of(kind)
        rules = (*attribution.known(cast.contract, rule, "err-0-401"), *of_writes)
        # What stands before a server may reject a header that is no ASCII by itself.
        odd = kind == "non-ascii"
        expected_response = (
            ExpectedResponse((400, 401), rules) if odd else ExpectedResponse((401,), rules, (0,))
        )
        cast.arena.agree(exchange, expected_response)
    cast.look_back(operation, _of_writes(cast.contract, operation))


def _of_writes(contract: Contract, operation: Operation) -> tuple[str, ...]:
    """Return the requirements that say of this write that it needs a token."""
    rows = contract.requirements.values()
    about = [row.id for row in rows if operation.id in row.operations]
    return tuple(rule for rule in about if rule.startswith("auth-401-for-"))


def _send(cast: Cast, operation: Operation, kind: str, refs: dict[str, str], body: Any) -> Exchange:
    """Send the operation with a token of this kind; what it creates all the same is deleted with the rest."""
    cast.account.will_change(operation.id)
    cast.arena.budget.take()
    headers = None
    if kind == ELSEWHERE:
        headers = misplaced_token(kind, cast.account.owner.token or "")["headers"]
    exchange = _caller(cast, kind).send(
        operation.id, refs, json=body, query=cast.query(operation), headers=headers
    )
    cast.arena.kept.append(exchange)
    cast.arena.adopt(exchange)
    return exchange


def _caller(cast: Cast, kind: str) -> Caller:
    account = cast.account
    if kind == ELSEWHERE:
        return account.anonymous
    if kind == WRAPPED:
        return account.anonymous.with_token(f"Bearer {account.unknown_token()}", "anonymous")
    return InvalidTokens(account.owner, account).caller(kind)
