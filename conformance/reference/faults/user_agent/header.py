"""Faults: requests without a User-Agent, or with an empty one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import PlainTextResponse, Response

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.errors.content_types import label_as_html
from conformance.reference.faults.registry import fault

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original


@fault("user-agent-required", "user-agent-missing-400", step="user_agents.check")
def needs_no_user_agent(_original: Original, _call: object) -> None:
    """Requests without a User-Agent are served."""


@fault("user-agent-empty-400", step="user_agents.check")
def accepts_empty_user_agent(original: Original, call: Call) -> None:
    """Requests with an empty User-Agent are served."""
    if call.user_agent is None:
        original(call)


@fault("user-agent-missing-400", step="errors.status")
def returns_missing_user_agent_with_403(original: Original, rejected: Rejected) -> int:
    """A missing User-Agent returns 403."""
    return 403 if rejected.problem is Problem.NO_USER_AGENT else int(original(rejected))


@fault("user-agent-error-json", step="errors.response")
def returns_missing_user_agent_as_text(original: Original, rejected: Rejected) -> Response:
    """The body of the rejection of a missing User-Agent is plain text."""
    reported: Response = original(rejected)
    if rejected.problem is Problem.NO_USER_AGENT:
        return PlainTextResponse("Send a User-Agent.", reported.status_code)
    return reported


@fault("user-agent-error-json")
def labels_missing_user_agent_as_html(server: Server) -> None:
    """The rejection of a missing User-Agent is JSON with the Content-Type of HTML."""
    label_as_html(Problem.NO_USER_AGENT, server)


@fault("user-agent-required", step="user_agents.check")
def carries_out_what_lacks_a_user_agent(server: Server, original: Original, call: Call) -> None:
    """A request without a User-Agent is carried out before it is rejected."""
    try:
        original(call)
    except Rejected:
        server.serve(call)
        raise


@fault("user-agent-required", step="user_agents.check")
def needs_user_agent_of_reads(check: Original, call: Any) -> object:
    """Writes are served without a User-Agent."""
    return call.method == "GET" and check(call)


@fault("user-agent-required", step="user_agents.check")
def needs_user_agent_of_systems(check: Original, call: Any) -> object:
    """Only what lies below /systems needs a User-Agent."""
    return "/systems" in call.path and check(call)


@fault("user-agent-required", step="user_agents.check")
def needs_user_agent_with_token(check: Original, call: Any) -> object:
    """Requests without a token are served without a User-Agent."""
    return call.token and check(call)
