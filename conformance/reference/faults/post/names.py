"""Faults: names that a POST has to have."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.models import Kind
    from conformance.reference.steps import Original


@fault("create-member-name-required", "create-group-name-required", step="validation.creation")
def post_needs_no_name(original: Original, kind: Kind, body: dict[str, Any]) -> object:
    """POST without a name calls the entity unnamed."""
    return original(kind, {"name": "unnamed"} | body)


@fault("create-member-name-required")
def rejected_post_creates(server: Server) -> None:
    """POST of a member without a name is rejected, and creates a member without a name all the same."""
    members = server.endpoints["members"]

    def create(original: Original, call: Call) -> object:
        try:
            return original(call)
        except Rejected:
            body = server.bodies.mapping(call)
            patch = server.validation.read(server.store.models.member, body)
            row = server.updates.build(server.store.models.member, patch)
            server.store.add_member(server.references.me(call.caller), row)
            raise

    wrap(members, "create", create)


def _give_name(model: str, original: Original, asked: Kind, body: dict[str, Any]) -> object:
    """Give an entity a name when a POST has none."""
    return original(asked, ({"name": "unnamed"} if asked.name == model else {}) | body)


for _model, _violated in (
    ("member", "create-member-name-required"),
    ("group", "create-group-name-required"),
):
    add(
        f"post_of_{_model}_needs_no_name",
        f"POST without a name calls the {_model} unnamed.",
        [_violated],
        partial(_give_name, _model),
        step="validation.creation",
    )
