"""Known deviations: rate limits. They show only where the server limits rates."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from conformance.reference.errors import Rejected
from conformance.reference.rate_limiter.limiter import Unlimited
from conformance.reference.steps import wrap
from conformance.reference.upstream.continuous import Continuous
from conformance.reference.upstream.registry import EARLIER, LATEST, deviation

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import System
    from conformance.reference.rate_limiter.limiter import Allowance
    from conformance.reference.steps import Original

_OWN = {"generic_get": "own_system_get", "generic_update": "own_system_update"}
_SECOND_NS = 1_000_000_000


@deviation(127, only="2021-11")
def limits_no_rates(server: Server) -> None:
    """There is no limiter."""
    server.limiter = Unlimited()


@deviation(113, 114, 116, only="2025-08")
def refills_continuously(server: Server) -> None:
    """The budget refills continuously, its last unit is rejected but used up."""
    server.limiter.algorithm = Continuous()


@deviation(112, 170, only="2025-08")
def reports_reset_in_seconds(server: Server) -> None:
    """X-RateLimit-Reset counts whole seconds."""

    def reset(original: Original, wait_ns: int) -> int:
        del original
        return server.limiter.options.clock.time_ns() // _SECOND_NS + wait_ns // _SECOND_NS

    wrap(server.limiter, "reset", reset)


@deviation(115, only="2025-08")
def reports_scope_of_429(server: Server) -> None:
    """The body of a 429 has the key scope, with the name of the generic limit."""
    generic = {own: name for name, own in _OWN.items()}

    def reject(original: Original, call: Call, allowance: Allowance) -> Response:
        returned: Response = original(call, allowance)
        scope = generic.get(allowance.scope, allowance.scope)
        return JSONResponse(
            json.loads(bytes(returned.body)) | {"scope": scope}, returned.status_code
        )

    wrap(server, "reject", reject)


@deviation(117, only="2025-08", step="limiter.scope")
def counts_messages_as_reads(original: Original, method: str, path: str) -> str:
    """Messages share the limit of all other reads."""
    found: str = original(method, path)
    return "generic_get" if found == "message" else found


@deviation(120, only="2025-08", step="limiter.scope")
def counts_other_methods_as_writes(original: Original, method: str, path: str) -> str:
    """Everything but GET is a write."""
    return "generic_update" if method != "GET" else str(original(method, path))


@deviation(118, 119, only="2025-08", code=LATEST, step="limiter.admit")
def counts_own_requests_separately(server: Server, original: Original, call: Call) -> Allowance:
    """Requests about the caller's own system have a budget and scope names of their own."""
    caller = _own(server, call)
    scope = server.limiter.scope(call.method, call.path)
    if caller is None or scope not in _OWN:
        allowance: Allowance = original(call)
        return allowance
    return replace(server.limiter.take(scope, caller.uuid), scope=_OWN[scope])


@deviation(119, 124, only="2025-08", code=EARLIER, step="limiter.client")
def counts_writes_by_system(server: Server, original: Original, call: Call) -> str:
    """Writes with a token share the limit of their system, all else that of the address."""
    caller = server.authentication.identify(call)
    writes = server.limiter.scope(call.method, call.path) == "generic_update"
    return caller.uuid if caller and writes else str(original(call))


def _own(server: Server, call: Call) -> System | None:
    caller = server.authentication.identify(call)
    _, params = next(server.router.at(call.path), (None, {}))
    try:
        owners = [
            *(server.references.system(ref, caller) for ref in _values(params, "system")),
            *(server.references.member(ref).system for ref in _values(params, "member")),
            *(server.references.group(ref).system for ref in _values(params, "group")),
        ]
    except Rejected:
        return None
    return caller if caller in owners else None


def _values(params: dict[str, str], key: str) -> list[str]:
    return [params[key]] if key in params else []
