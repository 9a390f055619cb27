"""Faults: systems that are named as @me or by a Discord account."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import System
    from conformance.reference.steps import Original


@fault("systemref-discord-id")
def reads_account_ids_as_floats(server: Server) -> None:
    """The id of an account is read as a floating-point number, so that its last digits do not count."""

    def account(original: Original, ref: str) -> System | None:
        if not ref.isdecimal():
            found: System | None = original(ref)
            return found
        known = server.store.accounts.items()
        return next((system for one, system in known if float(one) == float(ref)), None)

    wrap(server.references, "account", account)


@fault("systemref-discord-id")
def needs_a_token_for_account_ids(server: Server) -> None:
    """Only a request with a token can name a system by the id of an account."""

    def system(original: Original, ref: str, caller: System | None) -> System:
        if caller is None and server.references.account(ref):
            raise Rejected(Problem.UNAUTHORIZED)
        found: System = original(ref, caller)
        return found

    wrap(server.references, "system", system)


def _forget_caller(operation: str, server: Server) -> None:
    def identify(original: Original, call: Call) -> System | None:
        asked = call.operation is not None and call.operation.name == operation
        if asked and call.params.get("system") == "@me":
            return None
        system: System | None = original(call)
        return system

    wrap(server.authentication, "identify", identify)


for _operation in ("get-system-switches", "get-system-groups"):
    add(
        f"forgets_caller_of_{_operation.replace('-', '_')}",
        f"The operation {_operation} does not read the token, and knows no @me.",
        ["systemref-me"],
        partial(_forget_caller, _operation),
    )


@fault("systemref-discord-id")
def systems_are_not_written_under_accounts(server: Server) -> None:
    """A system is not changed under the id of a Discord account."""

    def update(original: Original, call: Call) -> Any:
        if call.params["system"].isdigit():
            raise Rejected(Problem.NOT_YOURS)
        return original(call)

    wrap(server.endpoints["systems"], "update", update)
