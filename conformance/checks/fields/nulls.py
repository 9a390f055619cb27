"""Every key is always there, and null when it has no value (docs: reference#api-reference)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import each, requirement
from conformance.contract.equivalence import has_value, same
from conformance.contract.rows import Row
from conformance.http import PreconditionFailed
from conformance.http.assertions import ABSENT, expect, expect_value, need_key, need_object
from conformance.scenarios.shown_entities import PLACES, ShownEntities

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account, Entity
    from conformance.contract import Contract, Field
    from conformance.http import Caller, Exchange

RESPONSES = {
    "Member": ("createMember", "updateMember"),
    "Group": ("createGroup", "updateGroup"),
    "System": ("updateSystem",),
}


def places(contract: Contract) -> Iterator[tuple[Field, str]]:
    """Yield each key of systems, members and groups with each operation that shows it."""
    for model, readers in PLACES.items():
        for operation in (*RESPONSES[model], *readers):
            for field in contract.fields_of(model):
                if field.always:
                    yield field, operation


def always(contract: Contract) -> Iterator[Row]:
    """Rows for the keys that must be there."""
    for field, operation in places(contract):
        keys = contract.named("keys", model=field.model)
        yield Row((field, operation), f"{field.name}-{operation}", keys)


def unset(contract: Contract) -> Iterator[Row]:
    """Rows for the keys that are null in an entity that has only a name."""
    for field, operation in places(contract):
        empty = field.post_default is None or (field.model == "System" and field.in_patch)
        if field.nullable and empty and field.key != "privacy":
            yield Row((field, operation), f"{field.name}-{operation}")


def cleared(contract: Contract) -> Iterator[Row]:
    """Rows for the keys of the system that null takes away."""
    for field in contract.fields_of("System"):
        if field.in_patch and field.nullable and field.key != "privacy":
            yield Row(field, field.name)


@pytest.fixture(scope="session")
def patched(
    minimal_entities: ShownEntities, owner: Caller, account: Account, contract: Contract
) -> dict[str, Exchange]:
    """Responses to PATCHes of the minimal entities that set nothing but the name, or unset everything of the system."""
    member, group = minimal_entities.members[0], minimal_entities.groups[0]
    nothing = {row.value.key: None for row in cleared(contract)}
    return {
        "updateMember": owner.send("updateMember", member.refs, json={"name": member.sent["name"]}),
        "updateGroup": owner.send("updateGroup", group.refs, json={"name": group.sent["name"]}),
        "updateSystem": account.change_system(**nothing),
    }


def shown(
    operation: str,
    model: str,
    minimal_entities: ShownEntities,
    patched: dict[str, Exchange],
    owner: Caller,
) -> tuple[Exchange, dict[str, Any]]:
    """Return how the operation shows the minimal entity of this model to its owner."""
    if operation in patched:
        return patched[operation], need_object(patched[operation])
    if model == "System":
        exchange = minimal_entities.read(operation, owner)
        return exchange, need_object(exchange)
    entity: Entity = (minimal_entities.members if model == "Member" else minimal_entities.groups)[0]
    if entity.created.operation.id == operation:
        return entity.created, entity.body
    return minimal_entities.show(operation, owner, entity)


@requirement("responses-contain-all-keys")
@each("place", always)
def check_key_is_there(
    place: tuple[Field, str],
    minimal_entities: ShownEntities,
    patched: dict[str, Exchange],
    full_member: Entity,
    full_group: Entity,
    account: Account,
) -> None:
    """Every key of the model is in the response."""
    field, operation = place
    exchange, body = shown(operation, field.model, minimal_entities, patched, account.owner)
    full = {
        "System": account.snapshot.system,
        "Member": full_member.body,
        "Group": full_group.body,
    }
    expect(
        f"{field.key} in {operation}",
        holds=field.key in body,
        expected=f"the key {field.key}",
        actual=ABSENT,
        exchange=exchange,
        violates=("responses-contain-all-keys",) if field.key in full[field.model] else (),
    )


@requirement("missing-value-is-null")
@each("place", unset)
def check_unset_key_is_null(
    place: tuple[Field, str],
    minimal_entities: ShownEntities,
    patched: dict[str, Exchange],
    owner: Caller,
    account: Account,
) -> None:
    """A key without a value is null."""
    field, operation = place
    exchange, body = shown(operation, field.model, minimal_entities, patched, owner)
    actual = need_key(exchange, body, field.key)
    if field.model == "System" and actual and actual == account.snapshot.system.get(field.key):
        reason = f"{field.name} could not be unset"
        raise PreconditionFailed(reason, exchange)
    if has_value(actual) and is_stored(field, actual, minimal_entities):
        reason = f"the POST gave {field.name} a value that it did not name"
        raise PreconditionFailed(reason, exchange)
    expect_value(exchange, f"{field.key} in {operation}", actual, None)


def is_stored(field: Field, value: object, minimal_entities: ShownEntities) -> bool:
    """Whether the entity has a value that was not sent: its POST returned it, too."""
    made = {"Member": minimal_entities.members, "Group": minimal_entities.groups}
    entity = made[field.model][0] if field.model in made else None
    return entity is not None and same(entity.body.get(field.key), value)


@requirement("patch-null-clears-value")
@each("field", cleared)
def check_null_in_a_patch_clears(field: Field, patched: dict[str, Exchange]) -> None:
    """An explicit null in a PATCH takes the value away."""
    exchange = patched["updateSystem"]
    expect_value(exchange, f"{field.key} after null", need_object(exchange).get(field.key), None)
