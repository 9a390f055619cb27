"""Faults: who is let in, in one case alone, and which requests are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original


@fault("err-20006")
def unknown_message_needs_a_token(server: Server) -> None:
    """Who has no token returns 401 about a message that does not exist."""

    def show(original: Original, call: Call) -> Any:
        try:
            return original(call)
        except Rejected as rejected:
            if rejected.problem is Problem.MESSAGE_UNKNOWN and call.caller is None:
                raise Rejected(Problem.UNAUTHORIZED) from None
            raise

    wrap(server.endpoints["messages"], "show", show)


@fault("switch-writes-need-me", only="2021-11")
def launch_changes_members_under_any_id(server: Server) -> None:
    """The members of a switch are changed under any name of the own system."""
    switches: Any = server.endpoints["switches"]

    def writable(original: Original, call: Call) -> Any:
        changes = call.operation is not None and call.operation.name == "update-switch-members"
        return switches.own_system(call) if changes else original(call)

    wrap(switches, "writable_system", writable)
