"""Faults: entities with the same values disturb each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import reject_value
from conformance.reference.faults.registry import add, fault

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Row
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


def _reject_known_name(kind: str) -> Any:
    def create(server: Server, original: Original, call: Call) -> object:
        rows = getattr(call.caller, kind).values() if call.caller else ()
        name = server.bodies.mapping(call).get("name")
        if any(row.fields["name"] == name for row in rows):
            reject_value("name", "This name is taken.")
        return original(call)

    return create


add(
    "group_names_are_unique",
    "No two groups of a system can have the same name.",
    ["create-group-returns-group"],
    _reject_known_name("groups"),
    step="groups.create",
)
add(
    "member_names_are_unique",
    "No two members of a system can have the same name.",
    ["create-member-returns-member"],
    _reject_known_name("members"),
    step="members.create",
)


@fault("create-stores-sent-keys", step="members.create")
def new_member_takes_proxy_tags(original: Original, call: Call) -> dict[str, Any]:
    """The proxy tags of a new member are taken away from the members that have them."""
    shown: dict[str, Any] = original(call)
    for row in call.caller.members.values() if call.caller else ():
        if row.uuid != shown["uuid"]:
            tags = row.fields["proxy_tags"]
            row.fields["proxy_tags"] = [tag for tag in tags if tag not in shown["proxy_tags"]]
    return shown


@fault("patch-preserves-missing-keys", step="updates.merge")
def null_is_set_by_name(original: Original, row: Row, patch: Patch) -> object:
    """A PATCH of a group to null reaches all groups of its name."""
    nulls = {key: None for key, value in patch.fields.items() if value is None}
    system = getattr(row, "system", None)  # not there before a new group is stored
    if row.kind.name == "group" and system is not None:
        for other in system.groups.values():
            if other.fields["name"] == row.fields["name"]:
                other.fields.update(nulls)
    return original(row, patch)
