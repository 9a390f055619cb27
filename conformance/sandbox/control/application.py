"""The control API as an ASGI application: access, route, body, handler, response."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from conformance.sandbox.control import access, bodies
from conformance.sandbox.control.clock import ClockControl
from conformance.sandbox.control.data import Data
from conformance.sandbox.control.failures import FailureControl
from conformance.sandbox.control.guilds import Guilds
from conformance.sandbox.control.orders import Order
from conformance.sandbox.control.overview import Overview
from conformance.sandbox.control.problems import Wrong
from conformance.sandbox.control.requests import Requests
from conformance.sandbox.control.routes import match

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope, Send

    from conformance.sandbox.control.orders import Controlled


class Control:
    """Carries out requests of the control API."""

    def __init__(self, sandbox: Controlled, *, is_local: bool) -> None:
        self._sandbox, self._is_local = sandbox, is_local
        self._parts: dict[str, object] = {
            "overview": Overview(sandbox),
            "requests": Requests(sandbox),
            "data": Data(sandbox),
            "guilds": Guilds(sandbox),
            "clock": ClockControl(sandbox),
            "failures": FailureControl(sandbox),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        request = Request(scope, receive)
        try:
            access.check(request.headers, is_local=self._is_local)
            response = self._respond(request, await request.body())
        except Wrong as wrong:
            response = JSONResponse({"message": wrong.message}, wrong.status)
        response.headers["Cache-Control"] = "no-store"
        await response(scope, receive, send)

    def _respond(self, request: Request, body: bytes) -> Response:
        route, params = match(request.method, request.url.path)
        values = bodies.read(route, request.headers.get("content-type"), body)
        part, _, method = route.handler.partition(".")
        handler: Callable[[Order], object] = getattr(self._parts[part], method)
        value = handler(Order(params, dict(request.query_params), values))
        if route.method != "GET":
            self._sandbox.save()
        return Response(status_code=204) if value is None else JSONResponse(value)
