"""Keys that a POST leaves out end up null or with their default (docs: reference#api-reference)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import each, requirement
from conformance.contract.equivalence import has_value, means
from conformance.contract.fields import MISSING
from conformance.contract.rows import Row
from conformance.http import ME, PreconditionFailed
from conformance.http.assertions import (
    expect,
    expect_accepted,
    expect_status,
    expect_value,
    need_list,
    need_object,
    need_type,
)
from conformance.scenarios.null_privacy import private_keys
from conformance.scenarios.sent_values import INVALID, expect_error_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account, Entity
    from conformance.contract import Contract, Field
    from conformance.http import Caller, Exchange
    from conformance.scenarios.patched_entities import PatchedEntities
    from conformance.scenarios.shown_entities import ShownEntities

READ = {"Member": "getMember", "Group": "getGroup"}
LIST = {"Member": "getSystemMembers", "Group": "getSystemGroups"}
# What a new member has in keys that only the server sets: no message was proxied for it.
UNUSED: dict[str, tuple[Any, ...]] = {
    "message_count": (0, None),
    "last_message_timestamp": (None,),
}


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


def unused(contract: Contract) -> Iterator[Row]:
    """Rows for the keys that tell of messages, which a new entity has none of."""
    for field in contract.fields:
        if field.model in READ and field.key in UNUSED:
            yield Row(field, field.name)


def nullable(contract: Contract) -> Iterator[Row]:
    """Rows for the keys that a POST may carry as null."""
    return (row for row in optional(contract) if row.value.nullable)


def models(_: Contract) -> Iterator[Row]:
    """Rows for the models that a POST makes."""
    return (Row(model, model.lower()) for model in READ)


def needing_a_name(contract: Contract) -> Iterator[Row]:
    """Rows for the keys that a POST needs: the name."""
    for field in contract.fields:
        if field.required_in_post:
            rules = contract.named("required_key", model=field.model, key=field.key)
            more = (INVALID,) if INVALID in contract.requirements else ()
            yield Row((field, rules), field.name, (*rules, *more))


def entity_of(field: Field, entities: ShownEntities) -> Entity:
    """Return the first entity of the field's model."""
    return (entities.members if field.model == "Member" else entities.groups)[0]


@pytest.fixture(scope="session")
def full_reads(full_member: Entity, full_group: Entity, owner: Caller) -> dict[str, Exchange]:
    """The full member and the full group as a GET shows them, before anybody changes them."""
    return {
        "Member": owner.send("getMember", full_member.refs),
        "Group": owner.send("getGroup", full_group.refs),
    }


@requirement("post-clears-missing-keys")
@each("field", left_out)
def check_left_out_key_has_its_default(
    field: Field, minimal_entities: ShownEntities, owner: Caller
) -> None:
    """A key that a POST leaves out is null, or has its default."""
    entity = entity_of(field, minimal_entities)
    actual = need_type(entity.created, entity.body, field)
    expect_value(entity.created, f"{field.key} in the response", actual, field.post_default)
    exchange, body = minimal_entities.show(READ[field.model], owner, entity)
    actual = need_type(exchange, body, field)
    expect_value(exchange, f"{field.key} as stored", actual, field.post_default)


@requirement("post-clears-missing-keys")
@each("model", models)
def check_left_out_privacy_is_public(
    model: str, minimal_entities: ShownEntities, owner: Caller, contract: Contract
) -> None:
    """A POST that leaves privacy out makes an entity in which everything is public."""
    entity = (minimal_entities.members if model == "Member" else minimal_entities.groups)[0]
    exchange, _ = minimal_entities.show(READ[model], owner, entity)
    for response in (entity.created, exchange):
        private = private_keys(response, [key.key for key in contract.privacy_keys_of(model)])
        expect_value(response, f"what is private in {response.label}", private, [])


@requirement("post-clears-missing-keys")
@each("field", unused)
def check_new_member_has_no_messages(
    field: Field, minimal_entities: ShownEntities, owner: Caller
) -> None:
    """What only the server counts is nothing in a new entity."""
    entity = entity_of(field, minimal_entities)
    exchange, body = minimal_entities.show(READ[field.model], owner, entity)
    for response, shown in ((entity.created, entity.body), (exchange, body)):
        expect(
            f"{field.key} in {response.label}",
            holds=shown.get(field.key) in UNUSED[field.key],
            expected=UNUSED[field.key][0],
            actual=shown.get(field.key),
            exchange=response,
        )


@requirement("create-stores-sent-keys")
@each("field", nullable)
def check_null_in_a_post_is_no_value(
    field: Field, patched_entities: PatchedEntities, minimal_entities: ShownEntities
) -> None:
    """A key that a POST gives as null has no value in the new entity."""
    creation = patched_entities.creation(field.model)
    entity = entity_of(field, minimal_entities)
    if field.post_default is None and has_value(entity.body.get(field.key)):
        reason = f"{field.name} has a value when a POST leaves it out, too"
        raise PreconditionFailed(reason, entity.created)
    expect_accepted(creation.post)
    for response in (creation.post, creation.read):
        actual = need_object(response).get(field.key)  # that a key is missing is for another check
        expect_value(response, f"{field.key} in {response.label}", actual, None)


@requirement("create-stores-sent-keys")
@each("field", optional)
def check_sent_key_is_stored(
    field: Field, full_member: Entity, full_group: Entity, full_reads: dict[str, Exchange]
) -> None:
    """A key that a POST carries has the value that was sent, in the response and in a GET."""
    entity = full_member if field.model == "Member" else full_group
    sent = entity.sent[field.key]
    for exchange in (entity.created, full_reads[field.model]):
        actual = need_type(exchange, need_object(exchange), field)
        expect(
            f"{field.key} in {exchange.label}",
            holds=means(field.key, actual, sent),
            expected=sent,
            actual=actual,
            exchange=exchange,
        )


@each("case", needing_a_name)
def check_body_without_required_key_is_rejected(
    case: tuple[Field, tuple[str, ...]], account: Account, owner: Caller
) -> None:
    """A POST without a key that it needs returns 400, and nothing is created."""
    field, rules = case
    body = {"description": f"{account.name()}, without a name"}
    exchange = owner.send(f"create{field.model}", json=body)
    account.adopt(field.model.lower(), body, exchange)
    expect_status(exchange, 400, violates=rules)
    listed = owner.send(LIST[field.model], ME)
    rows = [row for row in need_list(listed) if isinstance(row, dict)]
    found = [row.get("id") for row in rows if row.get("description") == body["description"]]
    for ref in found:
        account.journal.created(field.model.lower(), str(ref))
    what = f"{field.model.lower()}s that a rejected POST created"
    expect(what, holds=not found, expected=[], actual=found, exchange=listed, violates=rules)
    if INVALID in owner.contract.requirements:
        expect_error_names(exchange, field.key)
