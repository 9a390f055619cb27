"""Faults: tokens that are missing, wrong or sent in another place."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING

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


@fault("auth-missing-gives-401", "err-0-401")
def takes_anonymous_for_me(server: Server) -> None:
    """A read of @me without a token returns the system under test."""
    wrap(server.references, "me", lambda original, caller: original(caller or server.seeded.first))


@fault("auth-missing-gives-401", "err-0-401")
def returns_403_without_token(server: Server) -> None:
    """A missing or wrong token returns 403."""

    def status(original: Original, rejected: Rejected) -> int:
        return 403 if rejected.problem is Problem.UNAUTHORIZED else int(original(rejected))

    wrap(server.errors, "status", status)


@fault("auth-invalid-gives-401")
def accepts_unknown_token(server: Server) -> None:
    """Any token that no system has is taken for that of the system under test."""

    def identify(original: Original, call: Call) -> System | None:
        return original(call) or (server.seeded.first if call.token else None)

    wrap(server.authentication, "identify", identify)


@fault("auth-missing-gives-401")
def accepts_empty_token(server: Server) -> None:
    """An empty Authorization header is taken for the system under test."""

    def identify(original: Original, call: Call) -> System | None:
        return server.seeded.first if call.token == "" else original(call)

    wrap(server.authentication, "identify", identify)


@fault("auth-token-in-authorization-header")
def accepts_token_in_query(server: Server) -> None:
    """A token is also taken from the query parameter token."""

    def identify(original: Original, call: Call) -> System | None:
        system: System | None = original(replace(call, token=call.query.get("token", call.token)))
        return system

    wrap(server.authentication, "identify", identify)


@fault("auth-token-in-authorization-header")
def accepts_token_in_cookie(server: Server) -> None:
    """A token is also taken from a cookie with the name token."""

    async def arrival(original: Original, scope: Scope, receive: Receive) -> Call:
        call: Call = await original(scope, receive)
        cookies = SimpleCookie(dict(scope["headers"]).get(b"cookie", b"").decode("latin-1"))
        found = cookies.get("token")
        return replace(call, token=call.token or (found.value if found else None))

    wrap(server, "arrival", arrival)


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
    def require(original: Original, call: Call) -> System:
        if (
            call.caller is None
            and call.token
            and call.operation
            and call.operation.name == operation
        ):
            return server.seeded.first
        caller: System = original(call)
        return caller

    wrap(server.authentication, "require", require)


for _operation in ("update-member", "create-switch", "delete-member", "update-system"):
    add(
        f"wants_any_token_to_{_operation.replace('-', '_')}",
        f"The operation {_operation} requires a token and takes any.",
        ["auth-invalid-gives-401"],
        partial(_accept_any_token, _operation),
    )


@fault("auth-invalid-gives-401")
def fails_on_odd_tokens(server: Server) -> None:
    """A token with a blank in it makes the server fail."""

    def identify(original: Original, call: Call) -> System | None:
        if " " in (call.token or ""):
            raise Rejected(Problem.INTERNAL)
        system: System | None = original(call)
        return system

    wrap(server.authentication, "identify", identify)
