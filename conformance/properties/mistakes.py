"""Requests that are valid but for one mistake of the caller: rejected with exactly the code that the docs name, and not carried out.

The mistake is in what the request names, a path or a list that names nothing or something foreign, or that the client does not
give its name. What is wrong in bodies is in `invalid`, what is wrong in tokens in `unauthorized`.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from conformance.checks import changes_system, each, requirement
from conformance.contract.rows import Row
from conformance.http import NotApplicable
from conformance.properties.caller_mistakes import LISTS, slips

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Operation
    from conformance.properties.budget import Shares
    from conformance.properties.caller_mistakes import CallerMistake
    from conformance.properties.entities import Cast


def operations(contract: Contract) -> Iterator[Row]:
    """Rows for all operations."""
    return (Row(one, one.id) for one in contract.operations.values())


@changes_system
@requirement("errors-are-4xx-json")
@each("operation", operations)
def check_mistaken_request_is_rejected_as_documented(
    operation: Operation, contract: Contract, cast: Cast, shares: Shares
) -> None:
    """A request that names what is not there, or not the caller's, is rejected with its code, and changes nothing."""
    with shares.part("mistakes", 1, len(list(operations(contract))), 2) as budget:
        if not budget.left:
            reason = f"the budget left no request for {operation.id}"
            raise NotApplicable(reason)
        with cast.lent(budget):
            tried = _try(cast, operation)
    if not tried:
        reason = f"nothing to mistake in {operation.id}"
        raise NotApplicable(reason)


def _try(cast: Cast, operation: Operation) -> list[CallerMistake]:
    """Make as many mistakes as the budget allows, and read what must have stayed; return all that there are."""
    found, lists = _chosen(cast, operation), operation.id in LISTS
    for caller_mistake in found:
        if cast.arena.budget.left < 2 * (1 + lists):
            break
        _make(cast, operation, caller_mistake)
        # What is rejected for one entry must not be done for the others.
        if lists and isinstance(caller_mistake.body, list) and len(caller_mistake.body) > 1:
            cast.look_back(operation, caller_mistake.forecasts[0].violates)
    cast.look_back(operation)
    return found


def _chosen(cast: Cast, operation: Operation) -> list[CallerMistake]:
    found = list(slips(cast, operation))
    random.Random(f"slips {cast.account.seed} {operation.id}").shuffle(found)  # noqa: S311 no secret
    return found


def _make(cast: Cast, operation: Operation, caller_mistake: CallerMistake) -> None:
    """Send one of them, and hold its response against those that the docs allow."""
    cast.arena.kept.clear()
    cast.account.will_change(operation.id)
    exchange = cast.arena.send(
        operation.id,
        caller_mistake.caller,
        caller_mistake.refs,
        query=caller_mistake.query,
        json=caller_mistake.body,
        headers=caller_mistake.headers,
    )
    cast.arena.kept.append(exchange)
    cast.arena.adopt(exchange)
    fitting = (one for one in caller_mistake.forecasts if exchange.status in one.statuses)
    cast.arena.agree(exchange, next(fitting, caller_mistake.forecasts[0]))
