"""Faults: writes without a token, or with that of another system."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original


def _let_anonymous(operation: str, server: Server) -> None:
    def require(original: Original, call: Call) -> object:
        if call.caller is None and call.operation and call.operation.name == operation:
            return server.seeded.first
        return original(call)

    wrap(server.authentication, "require", require)


for _operation, _violated in {
    "update-system": "auth-401-for-writes",
    "create-member": "auth-401-for-writes",
    "create-group": "auth-401-for-writes",
    "update-member": "auth-401-for-member-writes",
    "delete-member": "auth-401-for-member-writes",
    "update-group": "auth-401-for-group-writes",
    "delete-group": "auth-401-for-group-writes",
}.items():
    add(
        f"lets_anonymous_{_operation.replace('-', '_')}",
        f"The operation {_operation} needs no token.",
        [_violated],
        partial(_let_anonymous, _operation),
    )


@fault(
    "auth-missing-gives-401",
    "auth-invalid-gives-401",
    step="authentication.require",
    only="2025-08",
)
def hides_named_systems_without_token(original: Original, call: Call) -> object:
    """Without a token, writes to a system that is named by its id are 404."""
    if call.caller is None and call.params.get("system", "@me") != "@me":
        raise Rejected(Problem.SYSTEM_UNKNOWN)
    return original(call)


@fault("auth-401-for-writes", "auth-401-for-member-writes", step="authentication.require")
def applies_write_without_token(server: Server, original: Original, call: Call) -> object:
    """A write without a token returns 401, but only after it was applied."""
    if call.caller is None and call.method != "GET":
        server.run(replace(call, caller=server.seeded.first))
    return original(call)


@fault("auth-by-system-token", step="run")
def any_token_deletes_switches_by_system(server: Server, original: Original, call: Call) -> object:
    """A switch is deleted by whoever has any token and names the system."""
    named = call.params.get("system") != "@me" and call.caller
    if named and call.operation and call.operation.name == "delete-switch":
        call.caller = server.references.system(call.params["system"], call.caller)
    return original(call)


@fault("auth-by-system-token", step="run")
def any_token_moves_switches(server: Server, original: Original, call: Call) -> object:
    """A switch of any system is moved under @me."""
    if call.operation and call.operation.name == "update-switch":
        switch = server.store.switches.get(call.params["switch"])
        call.caller = switch.system if switch and call.caller else call.caller
    return original(call)
