"""Keys that a POST leaves out end up null or with their default (docs: reference#api-reference)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import changes_system, each, requirement
from conformance.checks.patch.bodies import private_keys
from conformance.contract.equivalence import means
from conformance.contract.fields import MISSING
from conformance.contract.rows import Row
from conformance.contract.value_cases import REJECTED, TAKEN, Case, cases, rows
from conformance.http import ME, NotApplicable
from conformance.http.assertions import (
    ABSENT,
    expect,
    expect_status,
    expect_value,
    need_list,
    need_object,
)
from conformance.scenarios.sent_values import INVALID, errors_of, expect_error_names

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
    """Rows for the bodies without a name: it is left out, or null."""
    for field in contract.fields:
        if field.required_in_post:
            for label, body, kind in (
                ("missing", {}, "required_key"),
                ("null", {field.key: None}, "not_null"),
            ):
                rules = contract.named(kind, model=field.model, key=field.key)
                rules += (INVALID,) if INVALID in contract.requirements else ()
                yield Row((field, body), f"{field.name}-{label}", rules)


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


@changes_system
@requirement("post-clears-missing-keys")
@each("field", left_out)
def check_left_out_key_has_its_default(
    field: Field, minimal_entities: ShownEntities, owner: Caller
) -> None:
    """A key that a POST leaves out is null, or has its default."""
    entity = entity_of(field, minimal_entities)
    actual = entity.body.get(field.key)
    expect_value(entity.created, f"{field.key} in the response", actual, field.post_default)
    exchange, body = minimal_entities.show(READ[field.model], owner, entity)
    expect_value(exchange, f"{field.key} as stored", body.get(field.key), field.post_default)


@changes_system
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


@changes_system
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


@changes_system
@requirement("create-stores-sent-keys")
@each("field", nullable)
def check_null_in_a_post_is_no_value(field: Field, patched_entities: PatchedEntities) -> None:
    """A key that a POST gives as null has no value in the new entity."""
    creation = patched_entities.creation(field.model)
    expect_status(creation.post, 200, 201)
    for response in (creation.post, creation.read):
        actual = need_object(response).get(field.key)  # that a key is missing is for another check
        expect_value(response, f"{field.key} in {response.label}", actual, None)


@changes_system
@requirement("create-stores-sent-keys")
@each("field", optional)
def check_sent_key_is_stored(
    field: Field, full_member: Entity, full_group: Entity, full_reads: dict[str, Exchange]
) -> None:
    """A key that a POST carries has the value that was sent, in the response and in a GET."""
    entity = full_member if field.model == "Member" else full_group
    sent = entity.sent[field.key]
    for exchange in (entity.created, full_reads[field.model]):
        actual = need_object(exchange).get(field.key, ABSENT)
        expect(
            f"{field.key} in {exchange.label}",
            holds=means(field.key, actual, sent),
            expected=sent,
            actual=actual,
            exchange=exchange,
        )


@each("case", needing_a_name)
def check_body_without_required_key_is_rejected(
    case: tuple[Field, dict[str, Any]], account: Account, owner: Caller
) -> None:
    """A POST without a key that it needs returns 400, and nothing is created."""
    field, body = case
    body = body | {"description": f"{account.name()}, without a name"}
    exchange = owner.send(f"create{field.model}", json=body)
    account.adopt(field.model.lower(), body, exchange)
    expect_status(exchange, 400)
    listed = owner.send(LIST[field.model], ME)
    rows = [row for row in need_list(listed) if isinstance(row, dict)]
    found = [row.get("id") for row in rows if row.get("description") == body["description"]]
    for ref in found:
        account.journal.created(field.model.lower(), str(ref))
    expect_value(listed, f"{field.model.lower()}s that a rejected POST created", found, [])
    if INVALID in owner.contract.requirements:
        expect_error_names(exchange, field.key)


# What a POST is tried with, where a key has such a case: the rest of them is for PATCH.
POSTED = ("no-such-day", "three-digits", "long-prefix", "plain-text", "over-limit")


class Bodies:
    """POSTs with a value of `value_cases` in each key, those of one stage together; each is sent once."""

    def __init__(self, account: Account, contract: Contract) -> None:
        """Take the account; nothing is sent yet."""
        self.account, self.contract = account, contract
        self._rejected: dict[Case, Exchange] = {}
        self._marks: dict[str, set[str]] = {}

    def longest(self, model: str) -> tuple[dict[str, Any], Exchange]:
        """Return a body of the longest texts, and the response to it."""
        taken = [c for c in self._cases(model) if c.label == "at-limit" and c.key != "name"]
        body = {"name": self.account.name(), **{case.key: case.value for case in taken}}
        exchange = self.account.owner.send(f"create{model}", json=body)
        self.account.adopt(model.lower(), body, exchange)
        return body, exchange

    def rejected(self, case: Case) -> Exchange:
        """Return the response to a body with the case: alone, where the response to several does not tell of it."""
        if case not in self._rejected:
            together = [c for c in posted(self.contract) if c.model == case.model]
            exchange = self._post(together)
            self._rejected |= dict.fromkeys(together, exchange)
            for other, exchange in list(self._rejected.items()):
                if other.model == case.model and other.key not in errors_of(exchange):
                    self._rejected[other] = self._post([other])
        return self._rejected[case]

    def marks(self, model: str) -> set[str]:
        """Return the descriptions, or names, of what must not be there."""
        return self._marks[model]

    def _cases(self, model: str) -> list[Case]:
        keys = {f.key for f in self.contract.fields_of(model) if f.in_post}
        return [c for c in cases(self.contract) if c.model == model and c.key in keys]

    def _post(self, together: list[Case]) -> Exchange:
        model = together[0].model
        body = {"name": self.account.name()} | {case.key: case.value for case in together}
        if isinstance(body["name"], str):
            self._marks.setdefault(model, set()).add(body["name"])
        exchange = self.account.owner.send(f"create{model}", json=body)
        self.account.adopt(model.lower(), body, exchange)
        return exchange


@pytest.fixture(scope="session")
def bodies(account: Account, contract: Contract) -> Bodies:
    """What the checks of values in a POST look at."""
    return Bodies(account, contract)


def posted(contract: Contract) -> Iterator[Case]:
    """Yield one value for each key that a POST must reject; of URLs in turn one in the wrong form and one that is too long."""
    found = [c for c in cases(contract) if c.label in POSTED and c.schedule == REJECTED]
    for model in READ:
        keys = [f.key for f in contract.fields_of(model) if f.in_post and f.key != "name"]
        for number, key in enumerate(keys):
            tried = [c for c in found if (c.model, c.key) == (model, key)]
            tried.sort(key=lambda case: POSTED.index(case.label), reverse=bool(number % 2))
            yield from tried[:1]


def bad_values(contract: Contract) -> Iterator[Row]:
    """Rows for the values that a POST must reject; a missing or null name is tested above."""
    more = (INVALID,) if INVALID in contract.requirements else ()
    for case in posted(contract):
        yield Row(case, case.name, (*case.rules, *more))


@changes_system
@each("case", bad_values)
def check_bad_value_in_a_post_is_rejected(case: Case, bodies: Bodies, owner: Caller) -> None:
    """A POST with a value that a PATCH must reject returns 400, and `errors` names its key."""
    exchange = bodies.rejected(case)
    expect_status(exchange, 400, violates=case.rules)
    if INVALID in owner.contract.requirements:
        expect_error_names(exchange, case.key)


@changes_system
@requirement("errors-are-4xx-json")
@each("model", models)
def check_rejected_post_creates_nothing(model: str, bodies: Bodies, account: Account) -> None:
    """A POST that was rejected for a value has created nothing."""
    first = next(c.value for c in bad_values(account.contract) if c.value.model == model)
    need = bodies.rejected(first)
    if need.ok:
        reason = f"{need.label} was not rejected"
        raise NotApplicable(reason, need)
    listed = account.owner.send(LIST[model], ME)
    known = {ref for kind, ref in account.journal.record.created if kind == model.lower()}
    rows_ = [row for row in need_list(listed) if isinstance(row, dict)]
    found = [
        str(row.get("id"))
        for row in rows_
        if row.get("name") in bodies.marks(model) and row.get("id") not in known
    ]
    for ref in found:
        account.journal.created(model.lower(), ref)
    expect_value(listed, f"{model.lower()}s that rejected POSTs created", found, [])


def longest(contract: Contract) -> Iterator[Row]:
    """Rows for the models that a POST makes, with the requirements on their longest texts."""
    for model in ("Member",):
        tried = rows(contract, limits=True, stages=[TAKEN])
        rules = {
            rule: None for row in tried if row.value.model == model for rule in row.requirements
        }
        yield Row(model, model.lower(), tuple(rules))


@changes_system
@each("model", longest)
def check_longest_texts_in_a_post_are_taken(model: str, bodies: Bodies) -> None:
    """A POST takes texts, of letters beyond ASCII, that are exactly as long as they may be."""
    body, exchange = bodies.longest(model)
    expect_status(exchange, 200, 201)
    shown = need_object(exchange)
    lost = [key for key, value in body.items() if not means(key, shown.get(key, ABSENT), value)]
    expect_value(exchange, "keys that lost something", lost, [])
