"""The server: its parts, and the steps of a request through them.

Each step is a method of a part and is looked up on the part at each call, so that a fault can
replace one step by another function.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from conformance.reference.authentication import Authentication
from conformance.reference.autoproxy import AutoproxyModes
from conformance.reference.bodies import Bodies
from conformance.reference.calls import read_call
from conformance.reference.endpoints.autoproxy import Autoproxy
from conformance.reference.endpoints.groups import Groups
from conformance.reference.endpoints.guilds import Guilds
from conformance.reference.endpoints.members import Members
from conformance.reference.endpoints.memberships import Memberships
from conformance.reference.endpoints.messages import Messages
from conformance.reference.endpoints.settings import Settings
from conformance.reference.endpoints.switches import Switches
from conformance.reference.endpoints.systems import Systems
from conformance.reference.errors import ErrorRenderer, Problem, Rejected
from conformance.reference.filling import fill
from conformance.reference.headers import CORS, UserAgents
from conformance.reference.lists import Lists
from conformance.reference.presentation import Presenter
from conformance.reference.privacy import Privacy
from conformance.reference.queries import Queries
from conformance.reference.rate_limiter.limiter import USUAL, Unlimited
from conformance.reference.references import References
from conformance.reference.revisions import NEWEST
from conformance.reference.routing import Router
from conformance.reference.seeding import seed_systems
from conformance.reference.storage import Store
from conformance.reference.updates import Updates
from conformance.reference.validation import Validation

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from conformance.reference.calls import Call
    from conformance.reference.entities import System
    from conformance.reference.rate_limiter.limiter import Allowance, Limiter, Limits
    from conformance.reference.revision import Revision

_log = logging.getLogger(__name__)


class Server:
    """The API as an ASGI application with two seeded systems."""

    def __init__(
        self,
        seed: int = 0,
        *,
        limited: bool = True,
        revision: Revision = NEWEST,
        limits: Limits = USUAL,
        filled: bool = False,
    ) -> None:
        self.revision = revision
        self.store = Store(seed, revision)
        seeded = seed_systems(self.store)
        self.seeded = fill(self.store, seeded) if filled else seeded
        self.user_agents = UserAgents(needed=revision.needs_user_agent)
        self.router = Router(revision.operations)
        self.authentication = Authentication(self.store)
        limiter = revision.limiter if limited else Unlimited
        self.limiter: Limiter = limiter(limits, self._who)
        self.latency = 0.0  # seconds of network time for each request, as of a distant server
        self.references = References(self.store, revision)
        self.bodies = Bodies()
        self.queries = Queries(self.store)
        self.privacy = Privacy()
        self.presenter = Presenter(self.privacy, revision.models)
        self.lists = Lists(self.privacy, revision)
        self.validation = Validation(revision)
        self.updates = Updates()
        self.autoproxy_modes = AutoproxyModes(self.references)
        self.errors = ErrorRenderer()
        self.endpoints = {
            "systems": Systems(self),
            "settings": Settings(self),
            "guilds": Guilds(self),
            "autoproxy": Autoproxy(self),
            "members": Members(self),
            "groups": Groups(self),
            "memberships": Memberships(self),
            "switches": Switches(self),
            "messages": Messages(self),
        }

    def _who(self, call: Call) -> System | None:
        return self.authentication.identify(call)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        call = await self.arrival(scope, receive)
        await self.travel()
        response = self.finish(call, self.respond(call))
        await self.travel()
        await response(scope, receive, send)

    async def arrival(self, scope: Scope, receive: Receive) -> Call:
        """Return the request once all of it is there."""
        return await read_call(scope, receive)

    async def travel(self) -> None:
        """Wait for half the latency: the way of a request, or of a response."""
        if self.latency:
            await asyncio.sleep(self.latency / 2)

    def respond(self, call: Call) -> Response:
        """Return the response, without the headers that every response has."""
        if call.method == "OPTIONS":
            return Response()
        try:
            self.user_agents.check(call)
        except Rejected as rejected:
            return self.errors.response(rejected)
        return self.limited(call)

    def limited(self, call: Call) -> Response:
        """Serve the request if the rate limit allows it; the headers show the state either way."""
        allowance = self.limiter.admit(call)
        response = self.serve(call) if allowance.granted else self.reject(call, allowance)
        for name, value in self.limiter.headers(allowance).items():
            response.raw_headers.append((name.lower().encode(), value.encode()))
        return response

    def reject(self, call: Call, allowance: Allowance) -> Response:  # noqa: ARG002 - as serve
        """Return the rejection of a request that came too early."""
        return self.errors.response(self.limiter.rejection(allowance))

    def serve(self, call: Call) -> Response:
        """Return the response of the operation, or its rejection."""
        try:
            return self.success(self.handle(call))
        except Rejected as rejected:
            return self.errors.response(rejected)
        except Exception:  # noqa: BLE001 - docs: errors#json-error-codes has a response for it
            _log.exception("%s %s failed", call.method, call.path)
            return self.errors.response(Rejected(Problem.INTERNAL))

    def handle(self, call: Call) -> object:
        """Find the operation and the caller, and run it; 401 comes before all else."""
        call.operation, call.params = self.router.match(call.method, call.path)
        call.caller = self.authentication.identify(call)
        if call.operation.private:
            call.caller = self.authentication.require(call)
        return self.run(call)

    def run(self, call: Call) -> object:
        """Return the response of the operation: a JSON value, or None for no content."""
        assert call.operation  # noqa: S101 - set by routing
        method = call.operation.handler.rpartition(".")[2]
        value: object = getattr(self.endpoints[call.operation.area], method)(call)
        return value

    def success(self, value: object) -> Response:
        """Return the response of a request that was carried out."""
        return Response(status_code=204) if value is None else JSONResponse(value)

    def finish(self, call: Call, response: Response) -> Response:  # noqa: ARG002 - the last step knows the request
        """Add what every response carries; the last step before sending."""
        response.raw_headers.extend(CORS)
        return response
