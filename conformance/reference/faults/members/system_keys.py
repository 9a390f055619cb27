"""Faults: the system that a member or group names."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.faults.ids.paths import is_uuid, path_ref
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Entity
    from conformance.reference.steps import Original


def _omit_system(
    model: str, original: Original, row: Entity, viewer: object, place: str
) -> dict[str, Any]:
    shown: dict[str, Any] = original(row, viewer, place)
    if row.kind.name == model and place == "single":
        shown.pop("system", None)
    return shown


for _model, _violated in (("member", "member-system-key"), ("group", "group-system-key")):
    add(
        f"omits_system_of_{_model}",
        f"A {_model} that is read alone does not name its system.",
        [_violated],
        partial(_omit_system, _model),
        step="presenter.entity",
    )


def _take_system(endpoints: str, step: str, server: Server) -> None:
    def write(original: Original, call: Call) -> Any:
        shown: dict[str, Any] = original(call)
        sent = server.bodies.mapping(call).get("system")
        return {**shown, "system": sent} if isinstance(sent, str) else shown

    wrap(server.endpoints[endpoints], step, write)


for _name, _request, _violated, _endpoints, _step in (
    (
        "patch_sets_system_of_member",
        "PATCH of a member",
        "member-system-key",
        "members",
        "update",
    ),
    ("post_sets_system_of_group", "POST of a group", "group-system-key", "groups", "create"),
):
    add(
        _name,
        f"{_request} takes the system from the body.",
        [_violated],
        partial(_take_system, _endpoints, _step),
    )


@fault("member-system-key", "group-system-key", step="run")
def names_system_by_uuid(server: Server, original: Original, call: Call) -> Any:
    """A member or group that is named by UUID names its system by UUID."""
    shown: Any = original(call)
    if call.operation and call.operation.name in ("get-member", "get-group"):
        kind, ref = path_ref(call)
        if is_uuid(ref):
            shown["system"] = getattr(server.references, kind)(ref).system.uuid
    return shown
