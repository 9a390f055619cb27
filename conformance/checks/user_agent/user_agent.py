"""Requests need a User-Agent that is not empty (docs: reference#user-agent)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from conformance.checks import each, requirement
from conformance.contract import inputs
from conformance.http import PreconditionFailed
from conformance.http.assertions import (
    described,
    expect,
    expect_error_object,
    expect_status,
    need_object,
)
from conformance.http.client import NO_BODY
from conformance.scenarios.input_answers import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account, Entity
    from conformance.contract import Contract
    from conformance.contract.inputs import Cell
    from conformance.contract.rows import Row
    from conformance.http import Caller, Exchange

NAMELESS = "of nobody"
REQUIRED = "user-agent-required"
BAD_REQUEST = 400
UNKNOWN_MESSAGE = "10000000000000003"


def read(caller: Caller, account: Account, user_agent: str | None) -> Exchange:
    """Read the system with this User-Agent; nothing else is wrong with the request."""
    headers = {"User-Agent": user_agent}
    return caller.send("getSystem", {"systemId": account.system_id}, headers=headers)


def nameless(contract: Contract) -> Iterator[Row]:
    """Rows for some operations, without a User-Agent and with an empty one."""
    return rows(contract, inputs.HEADER, inputs.USER_AGENT)


@each("cell", nameless)
def check_request_without_user_agent_is_400(
    cell: Cell, owner: Caller, full_member: Entity, full_group: Entity, contract: Contract
) -> None:
    """Reads, lists and writes return 400 without a User-Agent, or with an empty one; nothing is written."""
    refs = {"systemId": "@me", "messageId": UNKNOWN_MESSAGE, **full_member.refs, **full_group.refs}
    names = [part[1:-1] for part in cell.operation.path.split("/") if part.startswith("{")]
    refs = {name: refs[name] for name in names}
    old = {"name": full_member.sent["name"]}
    body = {"name": f"{old['name']} {NAMELESS}"} if cell.operation.writes else NO_BODY
    headers = {"User-Agent": cell.input_class.value}
    exchange = owner.send(cell.operation.id, refs, json=body, headers=headers)
    as_upstream = cell.is_as_upstream(exchange.status, contract.revision)
    violates = status_rules(exchange, cell.rules(contract))
    if not cell.operation.writes:
        expect_status(exchange, 400, as_upstream=as_upstream, violates=violates)
        return
    after = owner.send("getMember", refs)
    name = need_object(after).get("name")
    carried_out = name == f"{old['name']} {NAMELESS}"
    if carried_out:
        owner.send("updateMember", refs, json=old)
    expect_status(exchange, 400, as_upstream=as_upstream, violates=violates)
    expect(
        f"name after a PATCH with {cell.input_class.text[:-1].lower()}",
        holds=not carried_out,
        expected=old["name"],
        actual=name,
        exchange=after,
        violates=(REQUIRED,),
    )


@requirement("user-agent-required", "user-agent-missing-400")
def check_user_agent_is_needed_without_token(anonymous: Caller, account: Account) -> None:
    """Nor is a request without a token served without a User-Agent."""
    exchange = read(anonymous, account, None)
    violates = status_rules(exchange, (REQUIRED, "user-agent-missing-400"))
    expect_status(exchange, 400, violates=violates)


def status_rules(exchange: Exchange, rules: tuple[str, ...]) -> tuple[str, ...]:
    """Return what another status than 400 violates: a rejection all the same needs the header, as it must."""
    is_rejected = exchange.status is not None and httpx.codes.is_client_error(exchange.status)
    return tuple(rule for rule in rules if not (is_rejected and rule == REQUIRED))


@requirement("user-agent-error-json")
def check_rejection_has_a_json_body(owner: Caller, account: Account) -> None:
    """The 400 for a missing User-Agent has a JSON body."""
    exchange = read(owner, account, None)
    if exchange.status != BAD_REQUEST:
        reason = (
            f"{exchange.label} returned {described(exchange)}, which is for its own requirement"
        )
        raise PreconditionFailed(reason, exchange)
    expect_error_object(exchange, as_upstream=not exchange.text)
    expect(
        f"Content-Type of the error of {exchange.label}",
        holds=exchange.is_labelled_json,
        expected="application/json",
        actual=exchange.media_type,
        exchange=exchange,
    )
