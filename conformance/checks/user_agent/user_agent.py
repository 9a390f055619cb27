"""Requests need a User-Agent that is not empty (docs: reference#user-agent)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.contract.rows import table_of
from conformance.http.assertions import expect, expect_error_object, expect_status, need_object
from conformance.http.client import NO_BODY

if TYPE_CHECKING:
    from conformance.account import Account, Entity
    from conformance.http import Caller, Exchange

ELSEWHERE = ("getMember", "getMessage", "updateMember")
NAMELESS = "of nobody"
UNKNOWN_MESSAGE = "10000000000000003"


def read(caller: Caller, account: Account, user_agent: str | None) -> Exchange:
    """Read the system with this User-Agent; nothing else is wrong with the request."""
    headers = {"User-Agent": user_agent}
    return caller.send("getSystem", {"systemId": account.system_id}, headers=headers)


@requirement("user-agent-required", "user-agent-missing-400")
def check_missing_user_agent_is_400(owner: Caller, account: Account) -> None:
    """A request without a User-Agent returns 400."""
    expect_status(read(owner, account, None), 400)


@requirement("user-agent-required", "user-agent-missing-400")
@each("operation", table_of(ELSEWHERE))
def check_user_agent_is_needed_everywhere(
    operation: str, owner: Caller, full_member: Entity
) -> None:
    """Reads of other things, and writes, return 400 without a User-Agent, too; nothing is written."""
    refs = {"messageId": UNKNOWN_MESSAGE, **full_member.refs}
    old = {"name": full_member.sent["name"]}
    body = {"name": f"{old['name']} {NAMELESS}"} if operation == "updateMember" else NO_BODY
    exchange = owner.send(operation, refs, json=body, headers={"User-Agent": None})
    if operation != "updateMember":
        expect_status(exchange, 400)
        return
    after = owner.send("getMember", refs)
    name = need_object(after).get("name")
    carried_out = name == f"{old['name']} {NAMELESS}"
    if carried_out:
        owner.send("updateMember", refs, json=old)
    expect_status(exchange, 400)
    expect(
        "name after a PATCH without a User-Agent",
        holds=not carried_out,
        expected=old["name"],
        actual=name,
        exchange=after,
        violates=("user-agent-required",),
    )


@requirement("user-agent-required", "user-agent-missing-400")
def check_user_agent_is_needed_without_token(anonymous: Caller, account: Account) -> None:
    """Nor is a request without a token served without a User-Agent."""
    expect_status(read(anonymous, account, None), 400)


@requirement("user-agent-required", "user-agent-empty-400")
def check_empty_user_agent_is_400(owner: Caller, account: Account) -> None:
    """A request with an empty User-Agent returns 400."""
    exchange = read(owner, account, "")
    expect_status(exchange, 400, as_upstream=exchange.status == 200)


@requirement("user-agent-error-json")
def check_rejection_has_a_json_body(owner: Caller, account: Account) -> None:
    """The 400 for a missing User-Agent has a JSON body."""
    exchange = read(owner, account, None)
    expect_status(exchange, 400)
    expect_error_object(exchange, as_upstream=not exchange.text)
    expect(
        f"Content-Type of the error of {exchange.label}",
        holds=exchange.is_labelled_json,
        expected="application/json",
        actual=exchange.media_type,
        exchange=exchange,
    )
