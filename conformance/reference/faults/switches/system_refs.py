"""Faults: the refs of a system under which its switches are found and changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original


@fault("switch-systemref-any-form", step="switches.writable_system")
def switches_need_me(original: Original, call: Call) -> object:
    """Switches are only written under @me."""
    if call.params["system"] != "@me":
        raise Rejected(Problem.NO_ROUTE)
    return original(call)


@fault("switch-systemref-any-form", step="serve")
def switches_leave_out_accounts(server: Server, original: Original, call: Call) -> object:
    """A Discord account names the system, but not for its switches."""
    if "/switches" in call.path and call.path.split("/")[3].isdigit():
        return server.errors.response(Rejected(Problem.SYSTEM_UNKNOWN))
    return original(call)


@fault("switch-writes-need-me", only="2021-11")
def switches_are_written_under_any_id(server: Server) -> None:
    """Switches are written under any name of the own system."""
    switches = server.endpoints["switches"]
    wrap(switches, "writable_system", lambda _original, call: switches.own_system(call))


@fault("switch-writes-need-me", only="2021-11")
def launch_changes_members_under_any_id(server: Server) -> None:
    """The members of a switch are changed under any name of the own system."""
    switches: Any = server.endpoints["switches"]

    def writable(original: Original, call: Call) -> Any:
        changes = call.operation is not None and call.operation.name == "update-switch-members"
        return switches.own_system(call) if changes else original(call)

    wrap(switches, "writable_system", writable)


def _rejects(write: str, is_one: Callable[[str], bool], original: Original, call: Call) -> object:
    named = call.operation is not None and call.operation.name == write
    if named and is_one(call.params["system"]):
        raise Rejected(Problem.NOT_YOURS)
    return original(call)


for _write in ("create-switch", "update-switch", "update-switch-members", "delete-switch"):
    for _form, _is_one in (
        ("accounts", str.isdigit),
        ("short_ids", str.isalpha),
        ("uuids", lambda ref: "-" in ref),
    ):
        add(
            f"{_write.replace('-', '_')}_rejects_{_form}",
            f"The operation {_write} rejects the own system where it is named by one of its {_form.replace('_', ' ')}.",
            ["switch-systemref-any-form"],
            partial(_rejects, _write, _is_one),
            step="switches.writable_system",
        )
