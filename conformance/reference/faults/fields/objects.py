"""Faults: the object that a response has: keys that it lacks, and lists or objects around it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.registry import add
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity
    from conformance.reference.steps import Original


def change_objects(model: str, change: Callable[[dict[str, Any]], None], server: Server) -> None:
    """Change every object of a model before it is shown."""

    def entity(original: Original, row: Entity, *where: object) -> dict[str, Any]:
        shown: dict[str, Any] = original(row, *where)
        if row.kind.name == model:
            change(shown)
        return shown

    wrap(server.presenter, "entity", entity)


def _omit(key: str, shown: dict[str, Any]) -> None:
    shown.pop(key, None)


for _model, _key, _violated_by in (
    ("system", "banner", ["system-keys-2025-08", "system-keys-2021-11"]),
    ("member", "keep_proxy", ["member-keys-2025-08", "member-keys-2021-11"]),
    ("group", "banner", ["group-keys-2025-08", "group-keys-2021-11"]),
):
    add(
        f"omits_{_key}_of_{_model}",
        f"A {_model} has no key {_key}.",
        [*_violated_by, "responses-contain-all-keys"],
        partial(change_objects, _model, partial(_omit, _key)),
    )

_LISTED = {
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


def _wrap_in_list(operation: str, original: Original, call: Call) -> object:
    response: object = original(call)
    return [response] if call.operation and call.operation.name == operation else response


for _operation, _violated in _LISTED.items():
    add(
        f"lists_response_of_{_operation.replace('-', '_')}",
        f"The response of {_operation} is a list of the one object.",
        [_violated],
        partial(_wrap_in_list, _operation),
        step="run",
    )


_PACKED = {
    "update-system": "update-system-returns-system",
    "get-system-guild-settings": "get-system-guild-returns-settings",
    "get-autoproxy": "get-autoproxy-returns-settings",
    "get-system-members": "get-members-returns-list",
    "create-member": "create-member-returns-member",
    "get-member": "get-member-returns-member",
    "update-member": "update-member-returns-member",
    "get-member-groups": "get-member-groups-returns-groups",
    "get-member-guild-settings": "get-member-guild-returns-settings",
    "get-system-groups": "get-groups-returns-list",
    "create-group": "create-group-returns-group",
    "get-group": "get-group-returns-group",
    "update-group": "update-group-returns-group",
    "get-group-members": "get-group-members-returns-members",
    "get-system-switches": "get-switches-returns-list-with-ids",
    "create-switch": "create-switch-returns-switch",
    "get-switch": "get-switch-returns-switch",
    "get-message": "get-message-returns-message",
}


def _pack(operation: str, original: Original, call: Call) -> object:
    response = original(call)
    named = call.operation is not None and call.operation.name == operation
    if not named or response is None:
        return response
    listed = isinstance(response, dict) and not operation.startswith("update-")
    return [response] if listed else {"data": response}


for _operation, _violated in _PACKED.items():
    add(
        f"packs_response_of_{_operation.replace('-', '_')}",
        f"The response of {_operation} is a list of the one object, or an object around it.",
        [_violated],
        partial(_pack, _operation),
        step="run",
    )
