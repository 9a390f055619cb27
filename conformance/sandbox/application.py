"""The sandbox as an ASGI application: the reference server at its own paths, the control API and pages at theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.sandbox.control import CONTROL_PATH
from conformance.sandbox.control.application import Control
from conformance.sandbox.request_log import RequestLog, keep_log

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from conformance.reference.application import Server


class Sandbox:
    """A reference server with what authors of clients need around it."""

    def __init__(self, server: Server, *, is_local: bool = True) -> None:
        self.server = server
        self.log = RequestLog()
        keep_log(server, self.log)
        self._control = Control(self, is_local=is_local)
        self.pages: dict[str, ASGIApp] = {}
        """Applications by their path."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await self._at(scope["path"])(scope, receive, send)

    def _at(self, path: str) -> ASGIApp:
        if path.startswith(CONTROL_PATH) and path[len(CONTROL_PATH) :][:1] in ("", "/"):
            return self._control
        return self.pages.get(path, self.server)
