"""`id`, `uuid` and `created` cannot be set (docs: reference#api-reference)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from conformance.checks import Row, changes_system, each, requirement
from conformance.wire.expectation import expect, need_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Field
    from conformance.wire import Caller, Exchange
    from conformance.world import Entity, World

ENTITIES = ("Member", "Group")


def unsettable(contract: Contract) -> Iterator[Row]:
    """Rows for the keys of which the catalogue says that nobody can set them."""
    for field in contract.fields:
        rule = f"{field.key}-not-settable"
        if field.model in (*ENTITIES, "System") and rule in contract.requirements:
            yield Row(field, field.name, (rule,))


def of_entities(contract: Contract) -> Iterator[Row]:
    """The same for members and groups alone: nobody can create a system."""
    return (row for row in unsettable(contract) if row.value.model in ENTITIES)


def forged(field: Field, world: World) -> str:
    """Return a valid value of the key that no entity has."""
    if field.key == "created":
        return "2001-02-03T04:05:06Z"
    if field.key == "uuid":
        return str(uuid.UUID(int=world.random.getrandbits(128), version=4))
    return "".join(world.random.choices("abcefghjknoprstuvwxyz", k=6))


def make(field: Field, world: World, **keys: Any) -> Entity:
    """Create an entity of the field's model."""
    return (world.member if field.model == "Member" else world.group)(**keys)


def expect_not(field: Field, exchange: Exchange, actual: Any, value: str) -> None:
    """The key does not have the forged value."""
    expect(
        f"{field.name} after an attempt to set it",
        holds=not _means(actual, value),
        expected=f"not {value}",
        actual=actual,
        exchange=exchange,
    )


def _means(actual: Any, value: str) -> bool:
    """Whether a server shows the forged value, in whatever spelling: with a fraction, in upper case."""
    return str(actual).lower().startswith(value.lower().removesuffix("z"))


def expect_kept(field: Field, exchange: Exchange, before: dict[str, Any]) -> None:
    """The entity is still found, with the old value of the key."""
    body = exchange.json if isinstance(exchange.json, dict) else {}
    now = body.get(field.key) if exchange.ok else f"status {exchange.status}"
    old = before.get(field.key)
    expect(
        f"{field.name} after an attempt to set it",
        holds=now == old,
        expected=old,
        actual=now,
        exchange=exchange,
    )


@changes_system
@each("field", unsettable)
def check_patch_does_not_set(field: Field, world: World, owner: Caller) -> None:
    """A PATCH with the key beside a valid one does not change the key."""
    refs = {"systemId": "@me"} if field.model == "System" else make(field, world).refs
    world.will_change(f"update{field.model}")
    before = need_object(owner.send(f"get{field.model}", refs))
    value = forged(field, world)
    owner.client.guard.allow(value)
    body = {field.key: value, "description": "set beside it"}
    patch = owner.send(f"update{field.model}", refs, json=body)
    if field.model != "System" and field.key == "id":
        world.adopt(field.model.lower(), body, patch)
    expect_kept(field, owner.send(f"get{field.model}", refs), before)
    expect_not(
        field, patch, patch.json.get(field.key) if isinstance(patch.json, dict) else None, value
    )


@requirement("id-uuid-created-ignored-on-post")
@each("field", of_entities)
def check_post_does_not_set(field: Field, world: World, owner: Caller) -> None:
    """A POST with the key does not give it to the new entity."""
    value = forged(field, world)
    owner.client.guard.allow(value)
    body = {"name": world.name(), field.key: value}
    exchange = owner.send(f"create{field.model}", json=body)
    entity = world.adopt(field.model.lower(), body, exchange)
    if entity is None:
        return  # refused: then nobody has set it
    expect_not(field, exchange, entity.body.get(field.key), value)
    stored = owner.send(f"get{field.model}", entity.refs)
    expect_not(field, stored, need_object(stored).get(field.key), value)
