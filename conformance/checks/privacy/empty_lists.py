"""A private list is rejected when there is nothing in it, too: that it is empty is for the owner alone to know (docs: reference#authentication)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each
from conformance.contract.rows import Row
from conformance.http import PreconditionFailed
from conformance.scenarios.closed_lists import FORBIDDEN, expect_closed, requirements_of
from conformance.scenarios.empty_lists import LISTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.empty_lists import EmptyLists


def reads(contract: Contract) -> Iterator[Row]:
    """Rows for the lists of a system that a privacy key closes."""
    for read in LISTS:
        rules = requirements_of(contract, contract.operations[read.partition(" ")[0]])
        yield Row(read, read.replace(" ", "-"), rules)


@each("read", reads)
def check_empty_list_is_private_too(read: str, empty_lists: EmptyLists, contract: Contract) -> None:
    """A private list of nothing returns 403, and so do private fronters when nobody fronts."""
    expect_rejected_for_privacy(empty_lists.response(read), read.partition(" ")[0], contract)


def expect_rejected_for_privacy(exchange: Exchange, operation: str, contract: Contract) -> None:
    """The list is rejected, with its code; another status of a rejection is for the checks of lists with entries."""
    if not exchange.ok and exchange.status != FORBIDDEN:
        reason = f"{exchange.label} was rejected with another status, as where there are entries"
        raise PreconditionFailed(reason, exchange)
    expect_closed(exchange, contract.operations[operation], contract, [exchange])
