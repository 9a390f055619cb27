"""What the rejection of a private list must be, and which requirement one violates that is not so (docs: reference#authentication, errors).

The requests are those of `privacy.lists`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.http.assertions import expect_error, expect_status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.contract import Contract, Operation
    from conformance.http import Exchange

GENERAL, FORBIDDEN = "private-list-is-403", 403
MEMBERS_HIDDEN = 30001  # the code of a private list of members


def requirements_of(contract: Contract, operation: Operation) -> tuple[str, ...]:
    """Return all that is said of a private list: the code of its rejection, that it is rejected, that all lists are."""
    closed_by = operation.private_list
    assert closed_by is not None
    code = contract.named("error_code", code=closed_by.code, status=closed_by.status)
    lists = contract.named("private_list", operation=operation.id, list=closed_by.key)
    general = (GENERAL,) if closed_by.status == FORBIDDEN else ()
    return (*code, *lists, *general)


def expect_closed(
    exchange: Exchange, operation: Operation, contract: Contract, alike: Sequence[Exchange]
) -> None:
    """A private list is rejected, with its code.

    A list that is not rejected violates the rule of that list, and the rule for all of them where most lists that are asked
    for alike are not.
    """
    closed_by = operation.private_list
    assert closed_by is not None
    wrong = [one for one in alike if one.status != FORBIDDEN]
    lists = contract.named("private_list", operation=operation.id, list=closed_by.key)
    violated = (GENERAL,) if len(wrong) > max(1, len(alike) // 2) else lists or (GENERAL,)
    expect_status(exchange, closed_by.status, violates=violated)
    # A list of groups that names their members is rejected for either list.
    codes = (closed_by.code, *((MEMBERS_HIDDEN,) if "with_members" in exchange.url else ()))
    code = contract.named("error_code", code=closed_by.code, status=closed_by.status)
    expect_error(exchange, closed_by.status, codes, violates=code)
