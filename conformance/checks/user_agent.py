"""Requests need a User-Agent that is not empty (docs: reference#user-agent)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import requirement
from conformance.wire.expectation import expect, expect_error_object, expect_status

if TYPE_CHECKING:
    from conformance.wire import Caller, Exchange
    from conformance.world import World


def read(caller: Caller, world: World, user_agent: str | None) -> Exchange:
    """Read the system with this User-Agent; nothing else is wrong with the request."""
    headers = {"User-Agent": user_agent}
    return caller.send("getSystem", {"systemId": world.system_id}, headers=headers)


@requirement("user-agent-required", "user-agent-missing-400")
def check_missing_user_agent_is_400(owner: Caller, world: World) -> None:
    """A request without a User-Agent is answered 400."""
    expect_status(read(owner, world, None), 400)


@requirement("user-agent-required", "user-agent-empty-400")
def check_empty_user_agent_is_400(owner: Caller, world: World) -> None:
    """A request with an empty User-Agent is answered 400."""
    exchange = read(owner, world, "")
    expect_status(exchange, 400, as_upstream=exchange.status == 200)


@requirement("user-agent-error-json")
def check_refusal_has_a_json_body(owner: Caller, world: World) -> None:
    """The 400 for a missing User-Agent has a JSON body."""
    exchange = read(owner, world, None)
    expect_status(exchange, 400)
    expect_error_object(exchange, as_upstream=not exchange.text)
    expect(
        f"Content-Type of the error of {exchange.label}",
        holds=exchange.is_labelled_json,
        expected="application/json",
        actual=exchange.media_type,
        exchange=exchange,
    )
