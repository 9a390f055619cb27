"""Faults: responses to a request over the limit."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, Response

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.rate_limiter.limiter import Allowance
    from conformance.reference.steps import Original


def _change_rejection(server: Server, **changes: object) -> None:
    def body(original: Original, rejected: Rejected) -> dict[str, Any]:
        reported: dict[str, Any] = original(rejected)
        if rejected.problem is not Problem.TOO_MANY:
            return reported
        return {key: value for key, value in (reported | changes).items() if value is not None}

    wrap(server.errors, "body", body)


@fault("rate-limit-429-retry-after-ms", "rate-limit-error-body-a")
def omits_retry_after(server: Server) -> None:
    """The body of a 429 has no retry_after."""
    _change_rejection(server, retry_after=None)


@fault("rate-limit-429-retry-after-ms", "rate-limit-error-body-a", step="limiter.retry_after")
def reports_retry_after_in_seconds(original: Original, wait_ns: Any) -> object:
    """retry_after counts seconds, with a fraction."""
    return original(wait_ns) / 1000


@fault("rate-limit-429-retry-after-ms", "rate-limit-error-body-a", step="limiter.retry_after")
def reports_retry_after_as_text(original: Original, wait_ns: Any) -> object:
    """retry_after is a text with a unit."""
    return f"{original(wait_ns)}ms"


def _change_wait(change: Callable[[int], int], original: Original, wait_ns: Any) -> object:
    return change(int(original(wait_ns)))


_WAITS: tuple[tuple[str, str, Callable[[int], int], bool], ...] = (
    (
        "in_whole_seconds",
        "retry_after counts whole seconds, rounded up.",
        lambda ms: -(-ms // 1000),
        True,
    ),
    ("of_a_tenth", "retry_after is a tenth of the wait.", lambda ms: max(1, ms // 10), True),
    ("of_nothing", "retry_after is always 0.", lambda _ms: 0, True),
    ("in_microseconds", "retry_after counts microseconds.", lambda ms: ms * 1000, False),
)
# Of a wait that is too long the page of the launch says nothing.
for _name, _description, _change, _at_launch in _WAITS:
    add(
        f"reports_retry_after_{_name}",
        _description,
        ["rate-limit-429-retry-after-ms", *["rate-limit-error-body-a"] * _at_launch],
        partial(_change_wait, _change),
        step="limiter.retry_after",
    )


@fault("rate-limit-429-message")
def changes_429_message(server: Server) -> None:
    """The message of a 429 is another text."""
    _change_rejection(server, message="slow down")


@fault("rate-limit-429-code-0")
def changes_429_code(server: Server) -> None:
    """The code of a 429 is 429."""
    _change_rejection(server, code=429)


@fault("rate-limit-429-json-body", "rate-limit-error-body-a", step="reject")
def returns_429_as_html(original: Original, call: Call, allowance: Allowance) -> Response:
    """The body of a 429 is a page of HTML."""
    reported: Response = original(call, allowance)
    return HTMLResponse("<h1>Too many requests</h1>", reported.status_code)


@fault("rate-limit-exceeded-429", "rate-limit-exceeded-429-a", step="errors.status")
def returns_503_for_429(original: Original, rejected: Rejected) -> int:
    """Too many requests return 503."""
    return 503 if rejected.problem is Problem.TOO_MANY else int(original(rejected))


@fault("rate-limit-error-body-a", only="2021-11")
def omits_code_of_429(server: Server) -> None:
    """The body of a 429 has no code."""
    _change_rejection(server, code=None)


@fault("rate-limit-error-body-a", only="2021-11")
def omits_message_of_429(server: Server) -> None:
    """The body of a 429 has no message."""
    _change_rejection(server, message=None)


@fault("rate-limit-exceeded-429", "rate-limit-exceeded-429-a", step="reject")
def applies_rejected_writes(
    server: Server, original: Original, call: Call, allowance: Allowance
) -> object:
    """A write that came too early returns 429, but only after it was applied."""
    server.serve(call)
    return original(call, allowance)
