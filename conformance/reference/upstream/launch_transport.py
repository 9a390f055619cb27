"""Known deviations of 2021-11 alone: paths, versions and CORS, which the framework decided."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from conformance.reference.errors import Problem, Rejected
from conformance.reference.routing import BASE_PATH
from conformance.reference.upstream.registry import deviation
from conformance.reference.upstream.transport import empty

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.routing import Operation
    from conformance.reference.steps import Original

REVISION = "2021-11"
_UNDER_ME = ("update-system", "create-switch", "update-switch", "delete-switch")
_MEMBERS = "update-switch-members"
_OTHER_VERSION = re.compile(r"/v([03-9]|\d\d+)(\.\d+)?(?=/)")


@deviation(130, 131, 152, 164, only=REVISION, step="router.match")
def routes_writes_under_me(
    original: Original, method: str, path: str
) -> tuple[Operation, dict[str, str]]:
    """Systems and switches are only written under @me; other refs are 405, for the members of a switch 404."""
    operation, params = original(method, path)
    if operation.name == _MEMBERS and params["system"] != "@me":
        raise Rejected(Problem.NO_ROUTE)
    if operation.name in _UNDER_ME and params["system"] != "@me":
        raise Rejected(Problem.WRONG_METHOD, headers={"Allow": "GET"})
    return operation, params


@deviation(131, only=REVISION)
def empties_unknown_paths(server: Server) -> None:
    """A path that no route has is 404 without a body."""
    empty(server, Problem.NO_ROUTE)


@deviation(157, only=REVISION, step="respond")
def accepts_version_2_0(original: Original, call: Call) -> object:
    """The version can also be written 2.0."""
    if call.path.startswith("/v2.0/"):
        call.path = BASE_PATH + "/" + call.path.removeprefix("/v2.0/")
    return original(call)


@deviation(157, only=REVISION, step="respond")
def rejects_unknown_versions(server: Server, original: Original, call: Call) -> object:
    """Another version of a known path is 400, with an error of the framework."""
    if any(server.router.at(_OTHER_VERSION.sub(BASE_PATH, call.path, count=1))) and not (
        call.path.startswith((BASE_PATH + "/", "/v2.0/"))
    ):
        error = {"code": "UnsupportedApiVersion", "message": "No such version.", "innerError": None}
        return JSONResponse({"error": error}, 400)
    return original(call)


@deviation(157, only=REVISION, step="finish")
def allows_origins_that_ask(_original: Original, call: Call, response: Response) -> Response:
    """The headers of CORS are only on responses to a request that names its origin, and fewer."""
    if _header(call, b"origin"):
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@deviation(159, only=REVISION, step="respond")
def returns_options_for_browsers(original: Original, call: Call) -> object:
    """OPTIONS is 204 where a browser asks which requests are allowed, and 405 elsewhere."""
    if call.method != "OPTIONS":
        return original(call)
    method = _header(call, b"access-control-request-method")
    if not (method and _header(call, b"origin")):
        return Response(status_code=405)
    allowed = {
        "Access-Control-Allow-Methods": method,
        "Access-Control-Allow-Headers": "Content-Type,Authorization",
    }
    return Response(status_code=204, headers=allowed)


def _header(call: Call, name: bytes) -> str:
    return dict(call.headers).get(name, b"").decode("latin-1")
