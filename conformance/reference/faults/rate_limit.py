"""Faults: rate limits. They show only where the server limits rates."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, Response

from conformance.reference.errors import Problem, Refused
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.limiter import Allowance
    from conformance.reference.steps import Original


@fault("never_limits", trips=["rate-limit-exceeded-429"])
def _(server: Server) -> None:
    """No request is ever refused for its rate."""
    wrap(
        server.limiter,
        "take",
        lambda original, scope, client: replace(original(scope, client), granted=True),
    )


@fault("never_recovers", trips=["rate-limit-recovers"])
def _(server: Server) -> None:
    """A limit that was used up never comes back."""
    wrap(server.limiter, "expired", lambda _original, _taken, _now: False)


def _scale(scope: str, numerator: int, denominator: int, server: Server) -> None:
    def limit(original: Original, asked: str) -> int:
        full = int(original(asked))
        return full * numerator // denominator if asked == scope else full

    wrap(server.limiter, "limit", limit)


for _scope, _trip in {
    "generic_get": "rate-limit-generic-get-10",
    "message": "rate-limit-message-10",
    "generic_update": "rate-limit-generic-update-3",
}.items():
    add(
        f"doubles_limit_of_{_scope}",
        f"The limit of {_scope} is twice the documented one.",
        [_trip],
        partial(_scale, _scope, 2, 1),
    )
    add(
        f"halves_limit_of_{_scope}",
        f"The limit of {_scope} is half the documented one.",
        [_trip],
        partial(_scale, _scope, 1, 2),
    )


@fault("shares_one_limit", trips=["rate-limit-scopes-are-separate", "rate-limit-generic-get-10"])
def _(server: Server) -> None:
    """Reads and writes use up one and the same limit."""
    wrap(server.limiter, "scope", lambda _original, _method, _path: "generic_update")


def _omit_header(name: str, server: Server) -> None:
    def headers(original: Original, allowance: Allowance) -> dict[str, str]:
        return {key: value for key, value in original(allowance).items() if key != name}

    wrap(server.limiter, "headers", headers)


for _header in ("Limit", "Remaining", "Reset", "Scope"):
    add(
        f"omits_rate_limit_{_header.lower()}",
        f"The header X-RateLimit-{_header} is missing.",
        [
            "rate-limit-headers-present",
            f"rate-limit-header-{_header.lower()}".replace("reset", "reset-ms"),
        ],
        partial(_omit_header, f"X-RateLimit-{_header}"),
    )


@fault("omits_rate_limit_headers", trips=["rate-limit-headers-present"])
def _(server: Server) -> None:
    """Responses carry no rate limit headers."""
    wrap(server.limiter, "headers", lambda _original, _allowance: {})


def _header_value(server: Server, name: str, value: str) -> None:
    wrap(server.limiter, "headers", lambda original, allowance: original(allowance) | {name: value})


@fault("never_lowers_remaining", trips=["rate-limit-header-remaining"])
def _(server: Server) -> None:
    """X-RateLimit-Remaining says more than the limit."""
    _header_value(server, "X-RateLimit-Remaining", "1000")


@fault("invents_rate_limit_scope", trips=["rate-limit-header-scope"])
def _(server: Server) -> None:
    """X-RateLimit-Scope names a limit that the docs do not know."""
    _header_value(server, "X-RateLimit-Scope", "everything")


@fault("resets_in_the_past", trips=["rate-limit-header-reset-ms"])
def _(server: Server) -> None:
    """X-RateLimit-Reset is an instant long ago."""
    wrap(server.limiter, "reset", lambda original, wait_ns: original(wait_ns) - 3_600_000)


def _change_refusal(server: Server, **changes: object) -> None:
    def body(original: Original, refused: Refused) -> dict[str, Any]:
        told: dict[str, Any] = original(refused)
        if refused.problem is not Problem.TOO_MANY:
            return told
        return {key: value for key, value in (told | changes).items() if value is not None}

    wrap(server.errors, "body", body)


@fault("omits_retry_after", trips=["rate-limit-429-retry-after-ms"])
def _(server: Server) -> None:
    """The body of a 429 has no retry_after."""
    _change_refusal(server, retry_after=None)


@fault("tells_retry_after_in_seconds", trips=["rate-limit-429-retry-after-ms"])
def _(server: Server) -> None:
    """retry_after counts seconds, with a fraction."""
    wrap(server.limiter, "retry_after", lambda original, wait_ns: original(wait_ns) / 1000)


@fault("changes_429_message", trips=["rate-limit-429-message"])
def _(server: Server) -> None:
    """The message of a 429 is another text."""
    _change_refusal(server, message="slow down")


@fault("changes_429_code", trips=["rate-limit-429-code-0"])
def _(server: Server) -> None:
    """The code of a 429 is 429."""
    _change_refusal(server, code=429)


@fault("answers_429_as_html", trips=["rate-limit-429-json-body"])
def _(server: Server) -> None:
    """The body of a 429 is a page."""

    def refuse(original: Original, call: Call, allowance: Allowance) -> Response:
        told: Response = original(call, allowance)
        return HTMLResponse("<h1>Too many requests</h1>", told.status_code)

    wrap(server, "refuse", refuse)


@fault("answers_503_for_429", trips=["rate-limit-exceeded-429"])
def _(server: Server) -> None:
    """Too many requests are answered 503."""

    def status(original: Original, refused: Refused) -> int:
        return 503 if refused.problem is Problem.TOO_MANY else int(original(refused))

    wrap(server.errors, "status", status)


@fault("applies_refused_writes", trips=["rate-limit-exceeded-429", "rate-limit-generic-update-3"])
def _(server: Server) -> None:
    """A write that came too early is answered 429, but only after it was applied."""

    def refuse(original: Original, call: Call, allowance: Allowance) -> Response:
        server.serve(call)
        told: Response = original(call, allowance)
        return told

    wrap(server, "refuse", refuse)
