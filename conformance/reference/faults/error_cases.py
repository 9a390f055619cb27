"""Faults: rejections that are wrong in one case alone, and limits that leave something out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from starlette.responses import Response

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original

_NO_CONTENT = 204


@fault("errors-are-4xx-json", "err-20006")
def fails_on_message_ref_of_text(server: Server) -> None:
    """A message that is named by something else than a number makes the server fail."""

    def message(original: Original, ref: str) -> Any:
        if not ref.isdigit():
            raise Rejected(Problem.INTERNAL)
        return original(ref)

    wrap(server.references, "message", message)


@fault("errors-are-4xx-json", "err-20006")
def fails_on_large_message_ids(server: Server) -> None:
    """A message that is named by a number beyond 63 bits makes the server fail."""

    def message(original: Original, ref: str) -> Any:
        if ref.isdigit() and int(ref) >= 2**63:
            raise Rejected(Problem.INTERNAL)
        return original(ref)

    wrap(server.references, "message", message)


@fault("rate-limit-exceeded-429", only="2025-08")
def limits_by_user_agent(server: Server) -> None:
    """Each User-Agent has a limit of its own."""
    wrap(server.limiter, "client", lambda _original, call: call.user_agent or call.client)


@fault("rate-limit-exceeded-429", "rate-limit-generic-get-10")
def does_not_limit_fronters(server: Server) -> None:
    """Reads of the fronters are never rejected for their rate."""

    def admit(original: Original, call: Call) -> Any:
        allowance = original(call)
        return replace(allowance, granted=allowance.granted or call.path.endswith("/fronters"))

    wrap(server.limiter, "admit", admit)


@fault("rate-limit-exceeded-429", "rate-limit-generic-update-3")
def does_not_limit_settings(server: Server) -> None:
    """Changes of settings are never rejected for their rate."""

    def admit(original: Original, call: Call) -> Any:
        allowance = original(call)
        return replace(allowance, granted=allowance.granted or call.path.endswith("/settings"))

    wrap(server.limiter, "admit", admit)


@fault("rate-limit-headers-present")
def omits_headers_on_204(server: Server) -> None:
    """A response without content carries no rate limit headers."""

    def limited(original: Original, call: Call) -> Response:
        response: Response = original(call)
        if response.status_code == _NO_CONTENT:
            kept = [pair for pair in response.raw_headers if b"ratelimit" not in pair[0]]
            response.raw_headers[:] = kept
        return response

    wrap(server, "limited", limited)
