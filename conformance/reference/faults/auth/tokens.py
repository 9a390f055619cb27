"""Faults: tokens that are missing, wrong or sent in another place."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import System
    from conformance.reference.steps import Original


@fault("auth-missing-gives-401", "err-0-401", step="references.me")
def takes_anonymous_for_me(server: Server, original: Original, caller: Any) -> object:
    """A read of @me without a token returns the system under test."""
    return original(caller or server.seeded.first)


@fault("auth-missing-gives-401", "err-0-401", step="errors.status")
def returns_403_without_token(original: Original, rejected: Rejected) -> int:
    """A missing or wrong token returns 403."""
    return 403 if rejected.problem is Problem.UNAUTHORIZED else int(original(rejected))


@fault("auth-invalid-gives-401", step="authentication.identify")
def accepts_unknown_token(server: Server, original: Original, call: Call) -> System | None:
    """Any token that no system has is taken for that of the system under test."""
    return original(call) or (server.seeded.first if call.token else None)


@fault("auth-missing-gives-401", "auth-invalid-gives-401", step="authentication.identify")
def accepts_empty_token(server: Server, original: Original, call: Call) -> System | None:
    """An empty Authorization header is taken for the system under test."""
    return server.seeded.first if call.token == "" else original(call)


@fault("auth-token-in-authorization-header", step="authentication.identify")
def accepts_token_in_query(original: Original, call: Call) -> object:
    """A token is also taken from the query parameter token."""
    return original(replace(call, token=call.query.get("token", call.token)))


@fault("auth-token-in-authorization-header", step="arrival")
async def accepts_token_in_cookie(original: Original, scope: Scope, receive: Receive) -> Call:
    """A token is also taken from a cookie with the name token."""
    call: Call = await original(scope, receive)
    cookies = SimpleCookie(dict(scope["headers"]).get(b"cookie", b"").decode("latin-1"))
    found = cookies.get("token")
    return replace(call, token=call.token or (found.value if found else None))


def _identify_by(known: Callable[[str, str], bool], server: Server) -> None:
    """Take a token for that of a system whose own token passes the test with it."""

    def identify(original: Original, call: Call) -> System | None:
        found: System | None = original(call)
        seeded = (server.seeded.first, server.seeded.second)
        close = (system for system in seeded if call.token and known(system.token, call.token))
        return found or next(close, None)

    wrap(server.authentication, "identify", identify)


for _name, _description, _known in (
    (
        "compares_start_of_token",
        "A token is accepted when the known one begins with it.",
        lambda own, sent: own.startswith(sent),
    ),
    (
        "takes_token_with_more",
        "A token is accepted when it begins with the known one.",
        lambda own, sent: sent.startswith(own),
    ),
    (
        "ignores_case_of_token",
        "Upper and lower case do not matter in a token.",
        lambda own, sent: own.lower() == sent.lower(),
    ),
):
    add(_name, _description, ["auth-invalid-gives-401"], partial(_identify_by, _known))


def _accept_any_token(operation: str, server: Server) -> None:
    def require(original: Original, call: Call) -> object:
        if (
            call.caller is None
            and call.token
            and call.operation
            and call.operation.name == operation
        ):
            return server.seeded.first
        return original(call)

    wrap(server.authentication, "require", require)


for _operation in ("update-member", "create-switch", "delete-member", "update-system"):
    add(
        f"wants_any_token_to_{_operation.replace('-', '_')}",
        f"The operation {_operation} requires a token and takes any.",
        ["auth-invalid-gives-401"],
        partial(_accept_any_token, _operation),
    )


@fault("auth-invalid-gives-401", step="authentication.identify")
def fails_on_odd_tokens(original: Original, call: Call) -> object:
    """A token with a blank in it makes the server fail."""
    if " " in (call.token or ""):
        raise Rejected(Problem.INTERNAL)
    return original(call)
