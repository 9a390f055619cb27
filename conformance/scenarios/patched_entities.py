"""The system, a member and a group that the checks of PATCH and POST change, and how they were created.

The member and the group are created with an explicit null in each key that may be null, then one PATCH gives every key a value.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.samples import sample
from conformance.http import ME, Outcome
from conformance.scenarios.once import outcome_of, value_or_raise

if TYPE_CHECKING:
    from conformance.account import Account, Entity
    from conformance.contract import Contract, Field
    from conformance.http import Exchange

ENTITIES = ("Member", "Group")


@dataclasses.dataclass(frozen=True)
class Creation:
    """How an entity was created: the POST with nulls, a GET after it, and the entity (created without nulls if that was rejected)."""

    post: Exchange
    read: Exchange
    entity: Entity


@dataclasses.dataclass(frozen=True)
class FullPatch:
    """The PATCH that gave the entity a value in each key: its path parameters, its body, its response (maybe a rejection)."""

    refs: dict[str, str]
    body: dict[str, Any]
    patch: Exchange


class PatchedEntities:
    """Creates the entities when they are asked for, each once."""

    def __init__(self, account: Account, contract: Contract) -> None:
        """Take the account; nothing is sent yet."""
        self.account, self.contract = account, contract
        self._creations: dict[str, Creation | Outcome] = {}
        self._full_patches: dict[str, FullPatch] = {}

    def creation(self, model: str) -> Creation:
        """Return how the member or the group was created; raises PreconditionFailed when it could not be."""
        if model not in self._creations:
            self._creations[model] = outcome_of(lambda: self._create(model))
        return value_or_raise(self._creations[model])

    def refs(self, model: str) -> dict[str, str]:
        """Return the path parameters of the entity."""
        if model == "System":
            return ME
        return self.creation(model).entity.refs

    def created(self, model: str) -> list[Exchange]:
        """Return the response that created the entity; none for the system."""
        return [] if model == "System" else [self.creation(model).entity.created]

    def before_patches(self, model: str) -> dict[str, Any]:
        """Return the entity as it was before any PATCH; empty when it was not shown."""
        if model == "System":
            return dict(self.account.snapshot.system)
        body = self.creation(model).read.json
        return dict(body) if isinstance(body, dict) and "id" in body else {}

    def full_patch(self, model: str) -> FullPatch:
        """Return the PATCH that gave the entity all its values; raises PreconditionFailed when there is no entity."""
        if model not in self._full_patches:
            refs, body = self.refs(model), self._body(model)
            patch = self.account.owner.send(f"update{model}", refs, json=body)
            self._full_patches[model] = FullPatch(refs, body, patch)
        return self._full_patches[model]

    def nulls(self, model: str) -> list[Field]:
        """Return the keys that a POST may carry as null."""
        fields = self.contract.fields_of(model)
        return [f for f in fields if f.in_post and f.nullable and f.key != "privacy"]

    def _body(self, model: str) -> dict[str, Any]:
        """Return a value for every key that a PATCH may carry, and every second privacy key private."""
        body = {field.key: self._value(field) for field in self._settable(model)}
        if model == "Group":  # equal now: a server that couples the two shows it in later PATCHes
            body["display_name"] = body["name"]
        keys = self.contract.privacy_keys_of(model)
        return body | {
            "privacy": {key.key: ("private", "public")[n % 2] for n, key in enumerate(keys)}
        }

    def _settable(self, model: str) -> list[Field]:
        """Return the keys that a PATCH may carry, but for privacy."""
        fields = self.contract.fields_of(model)
        return [field for field in fields if field.in_patch and field.key != "privacy"]

    def _value(self, field: Field) -> Any:
        """Return the value that the PATCH of all keys gives to one."""
        mine = field.key == "name" and field.model in ENTITIES
        return self.account.name() if mine else sample(field, 0)

    def _create(self, model: str) -> Creation:
        account, kind = self.account, model.lower()
        body = {"name": account.name()} | {field.key: None for field in self.nulls(model)}
        post = account.owner.send(f"create{model}", json=body)
        entity = account.adopt(kind, body, post)
        entity = entity or (account.member() if kind == "member" else account.group())
        return Creation(post, account.owner.send(f"get{model}", entity.refs), entity)


@pytest.fixture(scope="session")
def patched_entities(account: Account, contract: Contract) -> PatchedEntities:
    """The entities that checks of bodies change; nothing is sent before they are asked for."""
    return PatchedEntities(account, contract)
