"""Subjects: the system, a member and a group whose bodies the checks of PATCH and POST change; and how they begin.

The member and the group are made with an explicit null in each key that may be null, then one PATCH gives every key a value.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.samples import sample
from conformance.http import ME, Outcome

if TYPE_CHECKING:
    from conformance.account import Account, Entity
    from conformance.contract import Contract, Field
    from conformance.http import Exchange

ENTITIES = ("Member", "Group")


@dataclasses.dataclass(frozen=True)
class Creation:
    """How an entity came to be: the POST that gave nulls, a GET after it, and the entity (made without nulls if rejected)."""

    post: Exchange
    read: Exchange
    entity: Entity


@dataclasses.dataclass(frozen=True)
class Filling:
    """The PATCH that gave the subject a value in each key: its path parameters, its body, its response (maybe a rejection)."""

    at: dict[str, str]
    sent: dict[str, Any]
    patch: Exchange


class Subjects:
    """Makes the subjects when they are asked for, each once."""

    def __init__(self, account: Account, contract: Contract) -> None:
        """Take the account; nothing is sent yet."""
        self.account, self.contract = account, contract
        self._creations: dict[str, Creation | Outcome] = {}
        self._fillings: dict[str, Filling] = {}

    def creation(self, model: str) -> Creation:
        """Return how the member or the group was made; raises PreconditionFailed when it could not be."""
        if model not in self._creations:
            try:
                self._creations[model] = self._bear(model)
            except Outcome as problem:
                self._creations[model] = problem
        found = self._creations[model]
        if isinstance(found, Outcome):
            raise found
        return found

    def refs(self, model: str) -> dict[str, str]:
        """Return the path parameters of the subject; the system is open to changes from then on."""
        if model == "System":
            self.account.will_change("updateSystem")
            return ME
        return self.creation(model).entity.refs

    def created(self, model: str) -> list[Exchange]:
        """Return the response that created the subject, if any did."""
        return [] if model == "System" else [self.creation(model).entity.created]

    def origin(self, model: str) -> dict[str, Any]:
        """Return the subject as it was before any PATCH; empty when it was not shown."""
        if model == "System":
            return dict(self.account.snapshot.system)
        body = self.creation(model).read.json
        return dict(body) if isinstance(body, dict) and "id" in body else {}

    def filled(self, model: str) -> Filling:
        """Return the PATCH that gave the subject all its values; raises PreconditionFailed when there is no subject."""
        if model not in self._fillings:
            at, body = self.refs(model), self._body(model)
            patch = self.account.owner.send(f"update{model}", at, json=body)
            self._fillings[model] = Filling(at, body, patch)
        return self._fillings[model]

    def nulls(self, model: str) -> list[Field]:
        """Return the keys that a POST may carry as null."""
        fields = self.contract.fields_of(model)
        return [f for f in fields if f.in_post and f.nullable and f.key != "privacy"]

    def _body(self, model: str) -> dict[str, Any]:
        """Return a value for every key that a PATCH may carry, and every second privacy key private."""
        body = {field.key: self._first(field) for field in self._settable(model)}
        if model == "Group":  # that both are the same joins them only for the moment
            body["display_name"] = body["name"]
        keys = self.contract.privacy_keys_of(model)
        return body | {
            "privacy": {key.key: ("private", "public")[n % 2] for n, key in enumerate(keys)}
        }

    def _settable(self, model: str) -> list[Field]:
        """Return the keys that a PATCH may carry, but for privacy."""
        fields = self.contract.fields_of(model)
        return [field for field in fields if field.in_patch and field.key != "privacy"]

    def _first(self, field: Field) -> Any:
        """Return the value that the PATCH of all keys gives to one."""
        mine = field.key == "name" and field.model in ENTITIES
        return self.account.name() if mine else sample(field, 0)

    def _bear(self, model: str) -> Creation:
        account, kind = self.account, model.lower()
        body = {"name": account.name()} | {field.key: None for field in self.nulls(model)}
        post = account.owner.send(f"create{model}", json=body)
        entity = account.adopt(kind, body, post)
        entity = entity or (account.member() if kind == "member" else account.group())
        return Creation(post, account.owner.send(f"get{model}", entity.refs), entity)


@pytest.fixture(scope="session")
def subjects(account: Account, contract: Contract) -> Subjects:
    """What the checks of bodies change; nothing is sent before they ask."""
    return Subjects(account, contract)
