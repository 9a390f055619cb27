"""The sandbox as an ASGI application: the reference server at its own paths, the control API and pages at theirs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from conformance.sandbox import state
from conformance.sandbox.clock import MovableClock, set_clock
from conformance.sandbox.control import CONTROL_PATH
from conformance.sandbox.control.application import Control
from conformance.sandbox.failures import Failures, arm
from conformance.sandbox.request_log import RequestLog, keep_log

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from conformance.reference.application import Server
    from conformance.sandbox.saving import Saving


class Sandbox:
    """A reference server with what authors of clients need around it."""

    def __init__(
        self, server: Server, *, is_local: bool = True, saving: Saving | None = None
    ) -> None:
        self.server = server
        self.clock = MovableClock()
        set_clock(server, self.clock)
        self.failures = Failures()
        arm(server, self.failures)
        self.log = RequestLog()
        keep_log(server, self.log)
        self._saving = saving
        found = saving.started if saving else state.records(server)
        self._started = [(key, json.dumps(value)) for key, value in found]
        self._control = Control(self, is_local=is_local)
        self.pages: dict[str, ASGIApp] = {}
        """Applications by their path."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await self._at(scope["path"])(scope, receive, send)

    def save(self) -> None:
        """Write what the control API changed to the file of the sandbox, if it has one."""
        if self._saving:
            self._saving.save()

    def reset(self) -> None:
        """Return to the state of the start; the log stays."""
        state.restore(self.server, ((key, json.loads(text)) for key, text in self._started))
        self.clock.unfreeze()
        self.failures.disarm()
        limiter = self.server.limiter
        limiter.algorithm = type(limiter.algorithm)()  # which has counted nothing

    def _at(self, path: str) -> ASGIApp:
        if path.startswith(CONTROL_PATH) and path[len(CONTROL_PATH) :][:1] in ("", "/"):
            return self._control
        return self.pages.get(path, self.server)
