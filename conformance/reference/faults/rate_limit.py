"""Faults: rate limits. They show only where the server limits rates."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.rate_limiter.limiter import Allowance
    from conformance.reference.steps import Original

_SECOND_NS = 1_000_000_000
GET, UPDATE = "rate-limit-generic-get-10", "rate-limit-generic-update-3"
EXCEEDED = "rate-limit-exceeded-429"
AT_LAUNCH = ["rate-limit-2-per-second-per-ip"]  # the one limit of 2021-11
EXCEEDED_AT_LAUNCH = "rate-limit-exceeded-429-a"


@fault(EXCEEDED, GET, UPDATE, EXCEEDED_AT_LAUNCH, *AT_LAUNCH)
def never_limits(server: Server) -> None:
    """No request is ever rejected for its rate."""
    wrap(
        server.limiter,
        "take",
        lambda original, scope, client: replace(original(scope, client), granted=True),
    )


@fault("rate-limit-recovers", *AT_LAUNCH)
def never_recovers(server: Server) -> None:
    """A limit that was used up never comes back."""
    spent = set()

    def take(original: Original, scope: str, client: str) -> Allowance:
        allowance: Allowance = original(scope, client)
        if not allowance.granted:
            spent.add((scope, client))
        return replace(allowance, granted=(scope, client) not in spent)

    wrap(server.limiter, "take", take)


@fault(EXCEEDED, GET, UPDATE, *AT_LAUNCH)
def lets_one_too_many_through(server: Server) -> None:
    """One request more than the limit is served, while the headers tell the documented one."""
    _enforce(server, lambda limit: limit + 1)


@fault(GET, UPDATE, *AT_LAUNCH)
def limits_twice_as_much_as_reported(server: Server) -> None:
    """Twice the limit is served, while the headers tell the documented one."""
    _enforce(server, lambda limit: limit * 2)


@fault(GET, UPDATE, *AT_LAUNCH)
def limits_half_as_much_as_reported(server: Server) -> None:
    """Half the limit is served, while the headers tell the documented one."""
    _enforce(server, lambda limit: limit // 2)


def _enforce(server: Server, change: Callable[[int], int]) -> None:
    def take(original: Original, scope: str, client: str) -> Allowance:
        allowance: Allowance = original(scope, client)
        reported = server.limiter.limits.get(scope, 0)
        return replace(allowance, limit=reported, remaining=min(allowance.remaining, reported))

    wrap(server.limiter, "limit", lambda original, scope: change(int(original(scope))))
    wrap(server.limiter, "take", take)


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


def _charge(used: str, too: str, server: Server) -> None:
    def take(original: Original, scope: str, client: str) -> Allowance:
        allowance: Allowance = original(scope, client)
        if scope == used:
            original(too, client)
        return allowance

    wrap(server.limiter, "take", take)


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
    add(_name, _description, [_violated], partial(_charge, _used, _too))


@fault("rate-limit-scopes-are-separate")
def charges_writes_as_reads(server: Server) -> None:
    """Writes that are used up let no read through either."""
    spent: dict[str, int] = {}

    def take(original: Original, scope: str, client: str) -> Allowance:
        allowance: Allowance = original(scope, client)
        now = server.limiter.now()
        if scope == "generic_update" and not allowance.granted:
            spent[client] = now
        blocked = scope == "generic_get" and now - spent.get(client, -_SECOND_NS) < _SECOND_NS // 2
        return replace(allowance, granted=allowance.granted and not blocked)

    wrap(server.limiter, "take", take)


def _unlimited_method(method: str, server: Server) -> None:
    def admit(original: Original, call: Call) -> Allowance:
        allowance: Allowance = original(call)
        return replace(allowance, granted=allowance.granted or call.method == method)

    wrap(server.limiter, "admit", admit)


for _method in ("POST", "PATCH", "DELETE"):
    add(
        f"does_not_limit_{_method.lower()}",
        f"{_method} requests are never rejected for their rate.",
        [EXCEEDED, UPDATE],
        partial(_unlimited_method, _method),
    )


def _by(what: str, server: Server) -> None:
    def client(_original: Original, call: Call) -> str:
        return str(getattr(call, what) or call.client)

    wrap(server.limiter, "client", client)


add(
    "limits_by_token",
    "Each token has a limit of its own.",
    AT_LAUNCH,
    partial(_by, "token"),
)
add(
    "limits_by_path",
    "Each path has a limit of its own.",
    [EXCEEDED, *AT_LAUNCH],
    partial(_by, "path"),
)
add(
    "believes_forwarded_for",
    "Whoever makes up an address in X-Forwarded-For is not limited.",
    [EXCEEDED, *AT_LAUNCH],
    partial(_by, "forwarded_for"),
)


def _scale(scope: str, numerator: int, denominator: int, server: Server) -> None:
    def limit(original: Original, asked: str) -> int:
        full = int(original(asked))
        return full * numerator // denominator if asked == scope else full

    wrap(server.limiter, "limit", limit)


for _scope, _violated in {
    "generic_get": "rate-limit-generic-get-10",
    "message": "rate-limit-message-10",
    "generic_update": "rate-limit-generic-update-3",
}.items():
    add(
        f"doubles_limit_of_{_scope}",
        f"The limit of {_scope} is twice the documented one.",
        [_violated],
        partial(_scale, _scope, 2, 1),
    )
    add(
        f"halves_limit_of_{_scope}",
        f"The limit of {_scope} is half the documented one.",
        [_violated],
        partial(_scale, _scope, 1, 2),
    )


@fault("rate-limit-generic-get-10")
def shares_one_limit(server: Server) -> None:
    """Reads and writes use up one and the same limit."""
    wrap(server.limiter, "scope", lambda _original, _method, _path: "generic_update")


@fault(EXCEEDED)
def limits_only_who_has_a_token(server: Server) -> None:
    """Requests without a token are never rejected for their rate."""

    def admit(original: Original, call: Call) -> Allowance:
        allowance: Allowance = original(call)
        return allowance if call.token else replace(allowance, granted=True)

    wrap(server.limiter, "admit", admit)
