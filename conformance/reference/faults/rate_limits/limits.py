"""Faults: limits that are too high, too low, or not enforced."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.rate_limiter.limiter import Allowance
    from conformance.reference.steps import Original


@fault(
    "rate-limit-exceeded-429",
    "rate-limit-generic-get-10",
    "rate-limit-generic-update-3",
    "rate-limit-exceeded-429-a",
    "rate-limit-2-per-second-per-ip",
    step="limiter.take",
)
def never_limits(original: Original, scope: Any, client: Any) -> object:
    """No request is ever rejected for its rate."""
    return replace(original(scope, client), granted=True)


@fault("rate-limit-recovers", "rate-limit-2-per-second-per-ip")
def never_recovers(server: Server) -> None:
    """A limit that was used up never comes back."""
    spent = set()

    def take(original: Original, scope: str, client: str) -> Allowance:
        allowance: Allowance = original(scope, client)
        if not allowance.granted:
            spent.add((scope, client))
        return replace(allowance, granted=(scope, client) not in spent)

    wrap(server.limiter, "take", take)


def _change_unreported(server: Server, change: Callable[[int], int]) -> None:
    def take(original: Original, scope: str, client: str) -> Allowance:
        allowance: Allowance = original(scope, client)
        reported = server.limiter.limits.get(scope, 0)
        return replace(allowance, limit=reported, remaining=min(allowance.remaining, reported))

    wrap(server.limiter, "limit", lambda original, scope: change(int(original(scope))))
    wrap(server.limiter, "take", take)


@fault(
    "rate-limit-exceeded-429",
    "rate-limit-generic-get-10",
    "rate-limit-generic-update-3",
    "rate-limit-2-per-second-per-ip",
)
def lets_one_too_many_through(server: Server) -> None:
    """One request more than the limit is served, while the headers report the documented one."""
    _change_unreported(server, lambda limit: limit + 1)


@fault("rate-limit-generic-get-10", "rate-limit-generic-update-3", "rate-limit-2-per-second-per-ip")
def limits_twice_as_much_as_reported(server: Server) -> None:
    """Twice the limit is served, while the headers report the documented one."""
    _change_unreported(server, lambda limit: limit * 2)


@fault("rate-limit-generic-get-10", "rate-limit-generic-update-3", "rate-limit-2-per-second-per-ip")
def limits_half_as_much_as_reported(server: Server) -> None:
    """Half the limit is served, while the headers report the documented one."""
    _change_unreported(server, lambda limit: limit // 2)


def _scale(scope: str, numerator: int, denominator: int, original: Original, asked: str) -> int:
    full = int(original(asked))
    return full * numerator // denominator if asked == scope else full


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
        step="limiter.limit",
    )
    add(
        f"halves_limit_of_{_scope}",
        f"The limit of {_scope} is half the documented one.",
        [_violated],
        partial(_scale, _scope, 1, 2),
        step="limiter.limit",
    )


@fault("rate-limit-generic-get-10", step="limiter.scope")
def shares_one_limit(_original: Original, _method: object, _path: object) -> object:
    """Reads and writes use up one and the same limit."""
    return "generic_update"


def _do_not_limit(method: str, original: Original, call: Call) -> Allowance:
    allowance: Allowance = original(call)
    return replace(allowance, granted=allowance.granted or call.method == method)


for _method in ("POST", "PATCH", "DELETE"):
    add(
        f"does_not_limit_{_method.lower()}",
        f"{_method} requests are never rejected for their rate.",
        ["rate-limit-exceeded-429", "rate-limit-generic-update-3"],
        partial(_do_not_limit, _method),
        step="limiter.admit",
    )


@fault("rate-limit-exceeded-429", "rate-limit-generic-get-10", step="limiter.admit")
def does_not_limit_fronters(original: Original, call: Call) -> Any:
    """Reads of the fronters are never rejected for their rate."""
    allowance = original(call)
    return replace(allowance, granted=allowance.granted or call.path.endswith("/fronters"))


@fault("rate-limit-exceeded-429", "rate-limit-generic-update-3", step="limiter.admit")
def does_not_limit_settings(original: Original, call: Call) -> Any:
    """Changes of settings are never rejected for their rate."""
    allowance = original(call)
    return replace(allowance, granted=allowance.granted or call.path.endswith("/settings"))


@fault(
    "rate-limit-2-per-second-per-ip", "rate-limit-absent-at-a", only="2021-11", step="limiter.limit"
)
def launch_allows_one_a_second(_original: Original, _scope: object) -> object:
    """One request a second is served, not two."""
    return 1
