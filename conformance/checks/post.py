"""Keys that a POST leaves out end up null or with their default (docs: reference#api-reference)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import Row, changes_system, each, requirement
from conformance.contract.fields import MISSING
from conformance.wire.expectation import expect_status, expect_value, need_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.checks.scenes import Scene
    from conformance.contract import Contract, Field
    from conformance.wire import Caller, Exchange
    from conformance.world import Entity, World

READ = {"Member": "getMember", "Group": "getGroup"}


def left_out(contract: Contract) -> Iterator[Row]:
    """Rows for the keys that a POST may carry but need not."""
    for field in contract.fields:
        if field.model in READ and field.in_post and field.post_default is not MISSING:
            yield Row(field, field.name)


def optional(contract: Contract) -> Iterator[Row]:
    """Rows for the keys that a POST may carry, but for privacy."""
    for field in contract.fields:
        if field.model in READ and field.in_post and field.key != "privacy":
            yield Row(field, field.name)


def needing_a_name(contract: Contract) -> Iterator[Row]:
    """Rows for the bodies without a name, for each operation that needs one."""
    for field in contract.fields:
        if field.required_in_post:
            rules = tuple(
                rule
                for rule in (f"create-{field.model.lower()}-{field.key}-required",)
                if rule in contract.requirements
            )
            for label, body in (("empty", {}), ("other-key", {"description": "has no name"})):
                yield Row((field, body), f"{field.name}-{label}", rules)


def entity_of(field: Field, scene: Scene) -> Entity:
    """Return the scene's entity of the field's model."""
    return (scene.members if field.model == "Member" else scene.groups)[0]


@pytest.fixture(scope="session")
def full_reads(full_member: Entity, full_group: Entity, owner: Caller) -> dict[str, Exchange]:
    """The full member and the full group as a GET shows them, before anybody changes them."""
    return {
        "Member": owner.send("getMember", full_member.refs),
        "Group": owner.send("getGroup", full_group.refs),
    }


@changes_system
@requirement("post-clears-missing-keys")
@each("field", left_out)
def check_left_out_key_has_its_default(field: Field, bare: Scene, owner: Caller) -> None:
    """A key that a POST leaves out is null, or has its default."""
    entity = entity_of(field, bare)
    actual = entity.body.get(field.key)
    expect_value(entity.created, f"{field.key} in the answer", actual, field.post_default)
    exchange, body = bare.show(READ[field.model], owner, entity)
    expect_value(exchange, f"{field.key} as stored", body.get(field.key), field.post_default)


@changes_system
@requirement("create-stores-sent-keys")
@each("field", optional)
def check_sent_key_is_stored(
    field: Field, full_member: Entity, full_group: Entity, full_reads: dict[str, Exchange]
) -> None:
    """A key that a POST carries has the value that was sent, in the answer and in a GET."""
    entity = full_member if field.model == "Member" else full_group
    sent = entity.sent[field.key]
    expect_value(entity.created, f"{field.key} in the answer", entity.body.get(field.key), sent)
    exchange = full_reads[field.model]
    expect_value(exchange, f"{field.key} as stored", need_object(exchange).get(field.key), sent)


@each("case", needing_a_name)
def check_body_without_required_key_is_refused(
    case: tuple[Field, dict[str, Any]], world: World, owner: Caller
) -> None:
    """A POST without a key that it needs is answered 400."""
    field, body = case
    exchange = owner.send(f"create{field.model}", json=body)
    world.adopt(field.model.lower(), body, exchange)
    expect_status(exchange, 400)
