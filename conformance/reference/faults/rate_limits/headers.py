"""Faults: the headers that report the rate limit."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from starlette.responses import Response

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.rate_limiter.limiter import Allowance
    from conformance.reference.steps import Original


def _omit_header(name: str, original: Original, allowance: Allowance) -> dict[str, str]:
    return {key: value for key, value in original(allowance).items() if key != name}


for _header, _violated in (
    ("Limit", "rate-limit-header-limit"),
    ("Remaining", "rate-limit-header-remaining"),
    ("Reset", "rate-limit-header-reset-ms"),
    ("Scope", "rate-limit-header-scope"),
):
    add(
        f"omits_rate_limit_{_header.lower()}",
        f"The header X-RateLimit-{_header} is missing.",
        ["rate-limit-headers-present", _violated],
        partial(_omit_header, f"X-RateLimit-{_header}"),
        step="limiter.headers",
    )


@fault("rate-limit-headers-present", step="limiter.headers")
def omits_rate_limit_headers(_original: Original, _allowance: object) -> object:
    """Responses carry no rate limit headers."""
    return {}


def _format_limit(in_format: str, original: Original, allowance: Allowance) -> dict[str, str]:
    reported: dict[str, str] = original(allowance)
    return {k: in_format.format(v) if k == "X-RateLimit-Limit" else v for k, v in reported.items()}


for _name, _description, _format in (
    ("as_fraction", "X-RateLimit-Limit has a fraction.", "{}.0"),
    ("with_unit", "X-RateLimit-Limit has a unit.", "{}/s"),
    ("with_window", "X-RateLimit-Limit has the length of the window behind it.", "{};w=1"),
):
    add(
        f"reports_limit_{_name}",
        _description,
        ["rate-limit-header-limit"],
        partial(_format_limit, _format),
        step="limiter.headers",
    )


def _set_header(server: Server, name: str, value: str) -> None:
    wrap(server.limiter, "headers", lambda original, allowance: original(allowance) | {name: value})


@fault("rate-limit-header-remaining")
def never_lowers_remaining(server: Server) -> None:
    """X-RateLimit-Remaining is higher than the limit."""
    _set_header(server, "X-RateLimit-Remaining", "1000")


@fault("rate-limit-header-remaining", "rate-limit-remaining-decreases", step="limiter.headers")
def freezes_remaining(original: Original, allowance: Allowance) -> dict[str, str]:
    """X-RateLimit-Remaining is always one less than the limit."""
    reported: dict[str, str] = original(allowance)
    return reported | {"X-RateLimit-Remaining": str(allowance.limit - 1)}


@fault("rate-limit-header-remaining", step="limiter.take")
def reports_full_remaining_on_429(original: Original, scope: str, client: str) -> Allowance:
    """X-RateLimit-Remaining of a 429 is the whole limit."""
    allowance: Allowance = original(scope, client)
    return allowance if allowance.granted else replace(allowance, remaining=allowance.limit)


@fault("rate-limit-header-remaining", step="limiter.take")
def counts_remaining_up(original: Original, scope: str, client: str) -> Allowance:
    """X-RateLimit-Remaining is the number of requests that were used, not of those that are left."""
    allowance: Allowance = original(scope, client)
    return replace(allowance, remaining=allowance.limit - allowance.remaining)


@fault("rate-limit-header-reset-ms")
def freezes_reset(server: Server) -> None:
    """X-RateLimit-Reset stays what it was in the first response."""
    first: list[int] = []

    def reset(original: Original, wait_ns: int) -> int:
        first.append(original(wait_ns))
        return first[0]

    wrap(server.limiter, "reset", reset)


@fault("rate-limit-header-reset-ms", step="limiter.reset")
def resets_in_relative_time(_original: Original, wait_ns: Any) -> object:
    """X-RateLimit-Reset is the number of milliseconds until the reset."""
    return wait_ns // 1_000_000


@fault("rate-limit-headers-present", step="limiter.headers")
def omits_headers_on_429(original: Original, allowance: Allowance) -> dict[str, str]:
    """A 429 carries no rate limit headers."""
    return original(allowance) if allowance.granted else {}


@fault("rate-limit-header-scope")
def reports_scope_of_reads_always(server: Server) -> None:
    """X-RateLimit-Scope is generic_get on every response."""
    _set_header(server, "X-RateLimit-Scope", "generic_get")


@fault("rate-limit-header-scope")
def invents_rate_limit_scope(server: Server) -> None:
    """X-RateLimit-Scope names a limit that the docs do not know."""
    _set_header(server, "X-RateLimit-Scope", "everything")


@fault("rate-limit-header-reset-ms", step="limiter.reset")
def resets_in_the_past(original: Original, wait_ns: Any) -> object:
    """X-RateLimit-Reset is an instant long ago."""
    return original(wait_ns) - 3_600_000


@fault("rate-limit-header-remaining", step="limiter.take")
def reports_one_too_many_remaining(original: Original, scope: str, client: str) -> Allowance:
    """X-RateLimit-Remaining counts the request of the response as one that can still be sent."""
    allowance: Allowance = original(scope, client)
    return replace(allowance, remaining=allowance.remaining + allowance.granted)


@fault("rate-limit-headers-present", step="limited")
def omits_headers_on_errors(original: Original, call: Call) -> Response:
    """A response that is an error carries no rate limit headers."""
    response: Response = original(call)
    if response.status_code not in (200, 204, 429):
        for name in [name for name in response.headers if name.startswith("x-ratelimit")]:
            del response.headers[name]
    return response


@fault("rate-limit-headers-present", step="limited")
def omits_headers_on_204(original: Original, call: Call) -> Response:
    """A response without content carries no rate limit headers."""
    response: Response = original(call)
    if response.status_code == HTTPStatus.NO_CONTENT:
        kept = [pair for pair in response.raw_headers if b"ratelimit" not in pair[0]]
        response.raw_headers[:] = kept
    return response
