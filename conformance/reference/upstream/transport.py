"""Known deviations: User-Agent, paths and methods, and what is checked first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response

from conformance.reference.errors import Problem, Rejected
from conformance.reference.routing import BASE_PATH
from conformance.reference.steps import wrap
from conformance.reference.upstream.problem_documents import problem_document
from conformance.reference.upstream.registry import LATEST, deviation

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import System
    from conformance.reference.routing import Operation
    from conformance.reference.steps import Original


@deviation(1, only="2025-08", step="user_agents.check")
def accepts_empty_user_agents(_original: Original, call: Call) -> None:
    """Only a missing User-Agent is rejected, and the word unknown."""
    if call.user_agent in (None, "unknown"):
        raise Rejected(Problem.NO_USER_AGENT)


def empty(server: Server, problem: Problem) -> None:
    """Let the rejection of a problem have no body."""

    def response(original: Original, rejected: Rejected) -> Response:
        returned: Response = original(rejected)
        if rejected.problem is not problem:
            return returned
        return Response(status_code=returned.status_code, headers=rejected.headers)

    wrap(server.errors, "response", response)


@deviation(2, only="2025-08")
def empties_user_agent_rejections(server: Server) -> None:
    """The rejection of a missing User-Agent has no body."""
    empty(server, Problem.NO_USER_AGENT)


@deviation(6, 159)
def empties_wrong_method_rejections(server: Server) -> None:
    """A method that the path does not know returns 405 without a body."""
    empty(server, Problem.WRONG_METHOD)


@deviation(15, step="errors.response")
def sends_problem_documents_for_content_types(original: Original, rejected: Rejected) -> Response:
    """The rejection of a Content-Type is a problem document."""
    returned: Response = original(rejected)
    return problem_document(415) if rejected.problem is Problem.CONTENT_TYPE else returned


@deviation(6, only="2025-08", step="router.match")
def allows_head(original: Original, method: str, path: str) -> tuple[Operation, dict[str, str]]:
    """The methods that a 405 allows have HEAD after GET, and no blanks between."""
    try:
        found: tuple[Operation, dict[str, str]] = original(method, path)
    except Rejected as rejected:
        if rejected.headers and "Allow" in rejected.headers:
            allowed = rejected.headers["Allow"].replace(", ", ",").replace("GET", "GET,HEAD")
            raise Rejected(rejected.problem, headers={"Allow": allowed}) from None
        raise
    return found


@deviation(8, 159, step="router.match")
def rejects_head(original: Original, method: str, path: str) -> tuple[Operation, dict[str, str]]:
    """HEAD returns 405 everywhere but for settings."""
    found: tuple[Operation, dict[str, str]] = original(method, path)
    if method == "HEAD" and found[0].name != "get-system-settings":
        raise Rejected(Problem.WRONG_METHOD, headers={"Allow": "GET"})
    return found


@deviation(4, 12, 121, only="2025-08", step="limited")
def empties_unknown_route_rejections(server: Server, original: Original, call: Call) -> object:
    """A path that no route has is 404 without a body, and no limit counts it."""
    if call.path.startswith(BASE_PATH) and not any(server.router.at(call.path)):
        return Response(status_code=404)
    return original(call)


@deviation(5, only="2025-08", step="limited")
def rejects_other_versions(original: Original, call: Call) -> object:
    """Paths of version 1 are 410, other paths outside of v2 are 400, both as plain text."""
    if call.path.startswith("/v1"):
        return PlainTextResponse('{"message":"Version 1 is gone.","code":0}', 410)
    if call.path != "/" and not call.path.startswith(BASE_PATH):
        return PlainTextResponse('{"message":"There is no such version.","code":0}', 400)
    return original(call)


@deviation(3, 25, 121, only="2025-08", code=LATEST, step="respond")
def resolves_paths_first(server: Server, original: Original, call: Call) -> object:
    """The refs of a path are looked up before User-Agent, limits, body and token."""
    try:
        if call.method != "OPTIONS":
            _resolve(server, call)
    except Rejected as rejected:
        return server.errors.response(rejected)
    return original(call)


def _resolve(server: Server, call: Call) -> None:
    operation, call.params = next(server.router.at(call.path), (None, {}))
    if operation is None:
        return
    call.caller = server.authentication.identify(call)
    if "system" in call.params:
        system = server.endpoints[operation.area].system(call)
        if "switch" in call.params:
            _resolve_switch(server, call.params["switch"], system)
    if "member" in call.params:
        server.references.member(call.params["member"])
    if "group" in call.params:
        server.references.group(call.params["group"])


def _resolve_switch(server: Server, ref: str, system: System) -> None:
    try:
        server.references.switch(ref, system, Problem.SWITCH_UNAVAILABLE)
    except Rejected as rejected:
        if rejected.problem is not Problem.SWITCH_UNAVAILABLE:
            raise
