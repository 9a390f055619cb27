"""Faults: which requests share a limit."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.rate_limiter.limiter import Allowance
    from conformance.reference.steps import Original


def _one_budget(server: Server, limit: int) -> None:
    def take(original: Original, scope: str, client: str) -> Allowance:
        allowance: Allowance = original("all", client)
        return replace(allowance, scope=scope)

    wrap(server.limiter, "limit", lambda _original, _scope: limit)
    wrap(server.limiter, "take", take)


@fault("rate-limit-scopes-are-separate")
def has_one_bucket_for_all(server: Server) -> None:
    """One budget of ten a second is shared by all scopes."""
    _one_budget(server, 10)


def _charge_both(used: str, too: str, original: Original, scope: str, client: str) -> Allowance:
    allowance: Allowance = original(scope, client)
    if scope == used:
        original(too, client)
    return allowance


for _used, _too, _name, _description, _violated in (
    (
        "generic_get",
        "generic_update",
        "charges_reads_as_writes",
        "A read uses up the budget of writes as well.",
        "rate-limit-scopes-are-separate",
    ),
    (
        "generic_get",
        "message",
        "charges_reads_as_messages",
        "A read uses up the budget of messages as well.",
        "rate-limit-message-10",
    ),
    (
        "message",
        "generic_get",
        "charges_messages_as_reads",
        "A message that is asked for uses up the budget of the other reads as well.",
        "rate-limit-message-10",
    ),
):
    add(_name, _description, [_violated], partial(_charge_both, _used, _too), step="limiter.take")

_SECOND_NS = 1_000_000_000


@fault("rate-limit-scopes-are-separate")
def charges_writes_as_reads(server: Server) -> None:
    """Reads are rejected when the limit of writes is used up."""
    spent: dict[str, int] = {}

    def take(original: Original, scope: str, client: str) -> Allowance:
        allowance: Allowance = original(scope, client)
        now = server.limiter.now()
        if scope == "generic_update" and not allowance.granted:
            spent[client] = now
        blocked = scope == "generic_get" and now - spent.get(client, -_SECOND_NS) < _SECOND_NS // 2
        return replace(allowance, granted=allowance.granted and not blocked)

    wrap(server.limiter, "take", take)


def _limit_by(what: str, _original: Original, call: Call) -> str:
    return str(getattr(call, what) or call.client)


add(
    "limits_by_token",
    "Each token has a limit of its own.",
    ["rate-limit-2-per-second-per-ip"],
    partial(_limit_by, "token"),
    step="limiter.client",
)
add(
    "limits_by_path",
    "Each path has a limit of its own.",
    ["rate-limit-exceeded-429", "rate-limit-2-per-second-per-ip"],
    partial(_limit_by, "path"),
    step="limiter.client",
)
add(
    "believes_forwarded_for",
    "Each address in X-Forwarded-For has a limit of its own.",
    ["rate-limit-exceeded-429", "rate-limit-2-per-second-per-ip"],
    partial(_limit_by, "forwarded_for"),
    step="limiter.client",
)


@fault("rate-limit-exceeded-429", step="limiter.admit")
def limits_only_who_has_a_token(original: Original, call: Call) -> Allowance:
    """Requests without a token are never rejected for their rate."""
    allowance: Allowance = original(call)
    return allowance if call.token else replace(allowance, granted=True)


@fault("rate-limit-exceeded-429", only="2025-08", step="limiter.client")
def limits_by_user_agent(_original: Original, call: Any) -> object:
    """Each User-Agent has a limit of its own."""
    return call.user_agent or call.client
