"""`id`, `uuid` and `created` cannot be set (docs: reference#api-reference).

All of them are forged in one body; a body that is rejected for that is sent again with each key alone.
"""

from __future__ import annotations

import dataclasses
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import each
from conformance.contract.rows import Row
from conformance.http import ME, Outcome, PreconditionFailed
from conformance.http.assertions import expect, need_object
from conformance.scenarios.once import outcome_of, value_or_raise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account, Entity
    from conformance.contract import Contract, Field
    from conformance.http import Exchange

ENTITIES = ("Member", "Group")
OF_POSTS = ("id-uuid-created-ignored-on-post",)


@dataclasses.dataclass
class Attempt:
    """One request with a value for a read-only key, the entity before, and a GET after it (None when nothing was created)."""

    value: str
    before: dict[str, Any]
    response: Exchange
    after: Exchange | None


def unsettable(contract: Contract) -> Iterator[Row]:
    """Rows for the keys of which the catalogue says that nobody can set them."""
    for field in contract.fields:
        rules = contract.named("not_settable", key=field.key)
        if field.key == "system":
            rules = contract.named("system_key", model=field.model)
        if field.model in (*ENTITIES, "System") and rules:
            yield Row(field, field.name, rules)


def of_entities(contract: Contract) -> Iterator[Row]:
    """The same for members and groups alone, nobody can create a system, with what the docs say of a POST."""
    for row in unsettable(contract):
        if row.value.model in ENTITIES:
            rules = (
                row.requirements if row.value.key == "system" else (*row.requirements, *OF_POSTS)
            )
            yield dataclasses.replace(row, requirements=rules)


class ReadOnlyKeyWrites:
    """Sends the read-only keys of a model in a POST, and in a PATCH of the entity that the POST created."""

    def __init__(self, account: Account, contract: Contract) -> None:
        """Take the account; nothing is sent yet."""
        self.account, self.contract = account, contract
        self._posts: dict[str, dict[str, Attempt]] = {}
        self._patches: dict[str, dict[str, Attempt] | Outcome] = {}
        self._entities: dict[str, Entity] = {}

    def posted(self, field: Field) -> Attempt:
        """Return the POST that carried the key."""
        if field.model not in self._posts:
            self._posts[field.model] = self._post_all(field.model)
        return self._posts[field.model][field.key]

    def patched(self, field: Field) -> Attempt:
        """Return the PATCH that carried the key, together with a key that can be set; raises PreconditionFailed without an entity."""
        if field.model not in self._patches:
            self._patches[field.model] = outcome_of(lambda: self._patch_all(field.model))
        return value_or_raise(self._patches[field.model])[field.key]

    def _post_all(self, model: str) -> dict[str, Attempt]:
        values = self._values_of(model)
        attempts = self._post(model, values)
        if not next(iter(attempts.values())).response.ok:
            for key, value in values.items():
                attempts |= self._post(model, {key: value})
        return attempts

    def _post(self, model: str, values: dict[str, str]) -> dict[str, Attempt]:
        owner, body = self.account.owner, {"name": self.account.name()} | values
        response = owner.send(f"create{model}", json=body)
        entity = self.account.adopt(model.lower(), body, response)
        after = owner.send(f"get{model}", entity.refs) if entity else None
        if entity and after and after.ok:
            self._entities[model] = entity
        return {key: Attempt(value, {}, response, after) for key, value in values.items()}

    def _patch_all(self, model: str) -> dict[str, Attempt]:
        values, at = self._values_of(model), self._refs(model)
        before = need_object(self.account.owner.send(f"get{model}", at))
        attempts = self._patch(model, at, before, values)
        if not next(iter(attempts.values())).response.ok:
            for key, value in values.items():
                attempts |= self._patch(model, at, before, {key: value})
        return attempts

    def _patch(
        self, model: str, at: dict[str, str], before: dict[str, Any], values: dict[str, str]
    ) -> dict[str, Attempt]:
        owner, body = self.account.owner, values | {"description": "set beside it"}
        response = owner.send(f"update{model}", at, json=body)
        if "id" in values and model in ENTITIES:
            self.account.adopt(model.lower(), body, response)
        after = owner.send(f"get{model}", at)
        return {key: Attempt(value, before, response, after) for key, value in values.items()}

    def _refs(self, model: str) -> dict[str, str]:
        if model == "System":
            return ME
        if model not in self._posts:
            self._posts[model] = self._post_all(model)
        if model not in self._entities:
            make = {"Member": self.account.member, "Group": self.account.group}
            self._entities[model] = make[model]()
        return self._entities[model].refs

    def _values_of(self, model: str) -> dict[str, str]:
        """Return a valid value that no entity has for each key."""
        rows = unsettable(self.contract)
        values = {row.value.key: self._value(row.value) for row in rows if row.value.model == model}
        self.account.owner.client.guard.allow(*values.values())
        return values

    def _value(self, field: Field) -> str:
        if field.key == "created":
            return "2101-02-03T04:05:06Z" if field.model == "Group" else "2001-02-03T04:05:06Z"
        if field.key == "uuid":
            return str(uuid.UUID(int=self.account.random.getrandbits(128), version=4))
        return "".join(self.account.random.choices("abcefghjknoprstuvwxyz", k=6))


@pytest.fixture(scope="session")
def read_only_key_writes(account: Account, contract: Contract) -> ReadOnlyKeyWrites:
    """The writes that the checks of this module share; nothing is sent before a check asks."""
    return ReadOnlyKeyWrites(account, contract)


def expect_not(
    field: Field, exchange: Exchange, value: str, violates: tuple[str, ...] = ()
) -> None:
    """The key does not have the forged value."""
    body = exchange.json if isinstance(exchange.json, dict) else {}
    actual = body.get(field.key)
    expect(
        f"{field.name} after an attempt to set it",
        holds=not _means(actual, value),
        expected=f"not {value}",
        actual=actual,
        exchange=exchange,
        violates=violates,
    )


def _means(actual: Any, value: str) -> bool:
    """Whether a server shows the forged value, in whatever id format: with a fraction, in upper case."""
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


@each("field", unsettable)
def check_patch_does_not_set(field: Field, read_only_key_writes: ReadOnlyKeyWrites) -> None:
    """A PATCH with the key beside a valid one does not change the key."""
    attempt = read_only_key_writes.patched(field)
    if _means(attempt.before.get(field.key), attempt.value):
        reason = f"the POST of the {field.model.lower()} set {field.key} already"
        raise PreconditionFailed(reason, attempt.response)
    # An entity that is not found any more has another id; of its other keys that says nothing.
    if attempt.after and (attempt.after.ok or field.key == "id"):
        expect_kept(field, attempt.after, attempt.before)
    expect_not(field, attempt.response, attempt.value)


@each("field", of_entities)
def check_post_does_not_set(field: Field, read_only_key_writes: ReadOnlyKeyWrites) -> None:
    """A POST with the key does not give it to the new entity."""
    attempt = read_only_key_writes.posted(field)
    if not attempt.response.ok:
        return  # rejected: then nobody has set it
    expect_not(field, attempt.response, attempt.value, OF_POSTS)
    if (
        attempt.after and attempt.after.ok
    ):  # else it goes by another id than the response reported, which is for the row of the id
        expect_not(field, attempt.after, attempt.value, OF_POSTS)
