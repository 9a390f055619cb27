"""Who may read a list, and which lists stay open when another one is private (docs: reference#authentication)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.checks.privacy.lists import (
    NOT_FOUND,
    OF_GROUP,
    Request,
    requests,
    while_private,
    while_public,
)
from conformance.contract.rows import Row, bare
from conformance.http import NotApplicable, PreconditionFailed
from conformance.http.assertions import (
    expect,
    expect_rejected,
    expect_status,
    need_privacy,
    need_success,
)
from conformance.scenarios.patch_sequence import MISASSIGNED_TO
from conformance.scenarios.private_entities import EntityView, all_keys
from conformance.scenarios.system_privacy import (
    LAUNCH,
    OTHERS,
    SystemRead,
    closed_operations,
    id_formats,
    owner_reads,
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


def group_formats(contract: Contract) -> Iterator[Row]:
    """Rows for the id formats of a group but the stored short id."""
    return (Row(id_format, id_format) for id_format in id_formats(contract, "Group"))


@requirement("own-token-opens-private-lists")
@each("read", lambda contract: (Row(r, f"{r.place}-{r.id_format}") for r in owner_reads(contract)))
def check_owner_sees_private_list_by_id_format(
    read: SystemRead, private_entities: PrivateEntities
) -> None:
    """The owner sees the private lists of the own system however the path names it, where that finds a public one."""
    exchange = private_entities.states.response(read)
    if exchange.status == NOT_FOUND:
        reason = f"{exchange.label} found nothing, which is for the id format"
        raise PreconditionFailed(reason, exchange)
    expect_status(exchange, 200)


@requirement("own-token-opens-private-lists")
@each("id_format", group_formats)
def check_owner_sees_private_list_of_a_group_by_id_format(
    id_format: str, private_entities: PrivateEntities
) -> None:
    """The owner sees the private list of a group however the path names it, where that finds the group."""
    owner, contract = private_entities.account.owner, private_entities.contract
    view = EntityView(all_keys(contract, "Group"), "getGroup", "owner", id_format)
    need_success(private_entities.read(view, owner)[0])
    expect_status(private_entities.read_private_group(OF_GROUP, owner, id_format), 200)


@requirement("auth-optional-for-public-reads")
@each("request_", lambda contract: bare(requests(contract, *OTHERS)))
def check_public_list_is_open(
    request_: Request, private_entities: PrivateEntities, callers: Any
) -> None:
    """A list that is public again is shown to everybody."""
    callers[request_.caller]()
    expect_status(while_public(request_, private_entities), 200)


def alone(contract: Contract) -> Iterator[Row]:
    """Rows for the privacy keys of the system, each of which is made private alone once."""
    return (Row(key.key, key.name) for key in contract.privacy_keys_of("System"))


@requirement("patch-preserves-missing-keys")
@each("key", alone)
def check_private_key_leaves_the_others_public(
    key: str, private_entities: PrivateEntities, contract: Contract
) -> None:
    """A PATCH that makes one privacy key of the system private, and names no other, leaves the others public."""
    exchange = private_entities.states.entered(key)
    private = [name for name, level in need_privacy(exchange).items() if level == "private"]
    others = sorted(set(private) & {k.key for k in contract.privacy_keys_of("System")} - {key})
    if not others and key not in private:
        reason = f"{key} could not be made private"
        raise NotApplicable(reason, exchange)
    expect(
        f"private keys besides {key}",
        holds=not others,
        expected=[],
        actual=others,
        exchange=exchange,
        as_upstream=contract.revision == LAUNCH and others == [MISASSIGNED_TO],
    )


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
