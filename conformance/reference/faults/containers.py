"""Faults: the response of a PATCH is a list of the one object. Other wrong containers are in ``single``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from conformance.reference.faults.registry import add
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original

_RETURNS = {
    "update-system": "update-system-returns-system",
    "update-system-settings": "update-settings-returns-settings",
    "update-system-guild-settings": "update-system-guild-returns-settings",
    "update-autoproxy": "update-autoproxy-returns-settings",
    "update-member": "update-member-returns-member",
    "update-member-guild-settings": "update-member-guild-returns-settings",
    "update-group": "update-group-returns-group",
    "update-switch": "update-switch-timestamp",
    "update-switch-members": "update-switch-members",
}


def _list(operation: str, server: Server) -> None:
    def run(original: Original, call: Call) -> object:
        response: object = original(call)
        return [response] if call.operation and call.operation.name == operation else response

    wrap(server, "run", run)


for _operation, _violated in _RETURNS.items():
    add(
        f"lists_answer_of_{_operation.replace('-', '_')}",
        f"The response of {_operation} is a list of the one object.",
        [_violated],
        partial(_list, _operation),
    )
