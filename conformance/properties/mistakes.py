"""Requests that are valid but for one mistake of the caller: refused with exactly the code that the docs name, and not carried out.

The mistake is in what the request names: a path or a list that names nothing or something foreign, a switch that must not
be. What is wrong in bodies is in `invalid`, what is wrong in tokens in `unauthorized`.
"""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING

from conformance.checks import Row, changes_system, each, requirement
from conformance.properties.slips import slips
from conformance.wire import NotApplicable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Operation
    from conformance.properties.budget import Shares
    from conformance.properties.cast import Cast
    from conformance.properties.slips import Slip

CREATED = {"createMember": "member", "createGroup": "group", "createSwitch": "switch"}
# What shows whether a request was carried out that should not have been.
SHOWN_BY = {
    "MemberGroups": "getMemberGroups",
    "GroupMembers": "getGroupMembers",
    "SwitchMembers": "getSwitch",
    "Switch": "getSystemSwitches",
    "Member": "getMember",
    "Group": "getGroup",
    "System": "getSystem",
    "MemberGuildSettings": "getMemberGuildSettings",
}


def naming(contract: Contract) -> Iterator[Row]:
    """Rows for the operations that name something, in their path or in a list."""
    return (Row(one, one.id) for one in contract.operations.values() if "{" in one.path)


@changes_system
@requirement("errors-are-4xx-json")
@each("operation", naming)
def check_mistaken_request_is_refused_as_documented(
    operation: Operation, contract: Contract, cast: Cast, shares: Shares
) -> None:
    """A request that names what is not there, or not the caller's, is refused with its code, and changes nothing."""
    with shares.part("mistakes", 1, len(list(naming(contract))), 2) as budget:
        if not budget.left:
            reason = f"the budget left no request for {operation.id}"
            raise NotApplicable(reason)
        with cast.lent(budget):
            tried = list(_chosen(cast, operation))
            for slip in itertools.islice(tried, max(1, budget.left - 1)):
                _make(cast, operation, slip)
            if operation.writes:
                _look(cast, operation)
    if not tried:
        reason = f"nothing to mistake in {operation.id}"
        raise NotApplicable(reason)


def _chosen(cast: Cast, operation: Operation) -> list[Slip]:
    found = list(slips(cast, operation))
    random.Random(f"slips {cast.world.seed} {operation.id}").shuffle(found)  # noqa: S311 no secret
    return found


def _make(cast: Cast, operation: Operation, slip: Slip) -> None:
    """Send one of them, and hold its answer against those that the docs allow."""
    cast.arena.kept.clear()
    cast.world.will_change(operation.id)
    exchange = cast.arena.send(
        operation.id, slip.caller, slip.refs, query=slip.query, json=slip.body
    )
    cast.arena.kept.append(exchange)
    entity = (
        cast.world.adopt(CREATED[operation.id], {}, exchange) if operation.id in CREATED else None
    )
    if entity is not None:
        cast.arena.remember(entity)
    fitting = [one for one in slip.forecasts if exchange.status in one.statuses]
    cast.arena.agree(exchange, (fitting or list(slip.forecasts))[0])


def _look(cast: Cast, operation: Operation) -> None:
    """Read what the requests named, as its owner: it is as it was."""
    word = operation.id
    for verb in ("create", "update", "delete", "add", "remove", "overwrite"):
        word = word.removeprefix(verb)
    for view in cast.views(SHOWN_BY.get(word, ""))[:2]:
        if view.caller == "owner":
            cast.moves.look(view, passing=True)
