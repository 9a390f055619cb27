"""Who may read a list, and which lists stay open when another one is private (docs: reference#authentication)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.checks.privacy.lists import Request, requests, while_private, while_public
from conformance.contract.rows import Row, bare
from conformance.http.assertions import expect_rejected, expect_status
from conformance.scenarios.system_privacy import (
    OTHERS,
    SystemRead,
    closed_operations,
    single_entity_reads,
    single_key_reads,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.scenarios.private_entities import PrivateEntities


@requirement("foreign-token-does-not-open-privacy")
@each("request_", lambda contract: bare(requests(contract, "other")))
def check_foreign_token_opens_no_list(
    request_: Request, private_entities: PrivateEntities, callers: Any
) -> None:
    """The token of another system opens a private list no more than no token does."""
    callers["other"]()
    nobody = while_private(dataclasses.replace(request_, caller="anonymous"), private_entities)
    if not nobody.ok:
        expect_rejected(while_private(request_, private_entities))


@requirement("own-token-opens-private-lists")
@each("request_", lambda contract: bare(requests(contract, "owner")))
def check_owner_sees_private_list(request_: Request, private_entities: PrivateEntities) -> None:
    """The owner sees the private lists of the own system."""
    expect_status(while_private(request_, private_entities), 200)


@requirement("auth-optional-for-public-reads")
@each("request_", lambda contract: bare(requests(contract, *OTHERS)))
def check_public_list_is_open(
    request_: Request, private_entities: PrivateEntities, callers: Any
) -> None:
    """A list that is public again is shown to everybody."""
    callers[request_.caller]()
    expect_status(while_public(request_, private_entities), 200)


def left_open(contract: Contract) -> Iterator[Row]:
    """Rows for requests of public lists while the key of another list is private."""
    lists = {key.key: key.closes for key in contract.privacy_keys_of("System")}
    for read in single_key_reads(contract):
        if read.place in closed_operations(contract) and read.place not in lists[read.state]:
            yield Row(read, f"{read.state}-{read.place}-{read.caller}")


@requirement("auth-optional-for-public-reads")
@each("read", left_open)
def check_other_lists_stay_open(
    read: SystemRead, private_entities: PrivateEntities, callers: Any
) -> None:
    """While one list is private the others are shown to everybody."""
    callers[read.caller]()
    closed_by = private_entities.contract.operations[read.place].private_list
    assert closed_by is not None
    private_entities.states.need(read.state, closed_by.key, "public")
    expect_status(private_entities.states.response(read), 200)


@requirement("auth-optional-for-public-reads")
@each(
    "read", lambda _: (Row(read, f"{read.place}-{read.caller}") for read in single_entity_reads())
)
def check_private_lists_leave_members_and_groups_open(
    read: SystemRead, private_entities: PrivateEntities, callers: Any
) -> None:
    """Others may read a member, or a group, of a system whose lists are all private."""
    callers[read.caller]()
    expect_status(private_entities.states.response(read), 200)
