"""Headers that concern every request: the User-Agent rule and CORS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.errors import Problem, Rejected

if TYPE_CHECKING:
    from conformance.reference.calls import Call

CORS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"*"),
    (b"access-control-allow-credentials", b"true"),
    (b"access-control-allow-headers", b"Content-Type, Authorization, sentry-trace, User-Agent"),
    (
        b"access-control-expose-headers",
        b"X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-RateLimit-Scope",
    ),
]


class UserAgents:
    """Requires a User-Agent. docs: reference#user-agent."""

    def __init__(self, *, needed: bool) -> None:
        self._needed = needed

    def check(self, call: Call) -> None:
        """Reject a request without a User-Agent or with an empty one."""
        if self._needed and not call.user_agent:
            raise Rejected(Problem.NO_USER_AGENT)
