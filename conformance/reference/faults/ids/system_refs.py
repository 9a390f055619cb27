"""Faults: systems that are named as @me or by a Discord account."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import System
    from conformance.reference.steps import Original


@fault("systemref-discord-id", step="references.account")
def reads_account_ids_as_floats(server: Server, original: Original, ref: str) -> System | None:
    """The id of an account is read as a floating-point number, so that its last digits do not count."""
    if not ref.isdecimal():
        found: System | None = original(ref)
        return found
    known = server.store.accounts.items()
    return next((system for one, system in known if float(one) == float(ref)), None)


@fault("systemref-discord-id", step="references.system")
def needs_a_token_for_account_ids(
    server: Server, original: Original, ref: str, caller: System | None
) -> object:
    """Only a request with a token can name a system by the id of an account."""
    if caller is None and server.references.account(ref):
        raise Rejected(Problem.UNAUTHORIZED)
    return original(ref, caller)


def _forget_caller(operation: str, original: Original, call: Call) -> object:
    asked = call.operation is not None and call.operation.name == operation
    if asked and call.params.get("system") == "@me":
        return None
    return original(call)


for _operation in ("get-system-switches", "get-system-groups"):
    add(
        f"forgets_caller_of_{_operation.replace('-', '_')}",
        f"The operation {_operation} does not read the token, and knows no @me.",
        ["systemref-me"],
        partial(_forget_caller, _operation),
        step="authentication.identify",
    )


@fault("systemref-discord-id", step="systems.update")
def systems_are_not_written_under_accounts(original: Original, call: Call) -> Any:
    """A system is not changed under the id of a Discord account."""
    if call.params["system"].isdigit():
        raise Rejected(Problem.NOT_YOURS)
    return original(call)
