"""Two members, and two groups, that were created with the same body: the second is made private, and loses all values that may be null.

What must be there of either is in `conformance.checks.post.twins`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.samples import full_body
from conformance.http import PreconditionFailed
from conformance.scenarios.once import Once

if TYPE_CHECKING:
    from conformance.account import Account, Entity
    from conformance.contract import Contract
    from conformance.http import Exchange

FIRST, SECOND = "first", "second"


class Twins:
    """Creates the twins of a model and changes the second, once each."""

    def __init__(self, account: Account, contract: Contract) -> None:
        """Take the account; nothing is sent yet."""
        self.account, self.contract = account, contract
        self._once = Once()
        self._entities: dict[str, Entity | None] = {}

    def first(self, model: str) -> Entity:
        """Return the first twin; raises PreconditionFailed when it could not be created."""
        make = self.account.member if model == "Member" else self.account.group
        body = full_body(self.contract, model) | {"name": self.account.name()}
        found: Entity = self._once.get(f"first {model}", lambda: make(**body))
        return found

    def posted(self, model: str) -> Exchange:
        """Return the POST of the second twin."""
        first = self.first(model)
        found: Exchange = self._once.get(f"second {model}", lambda: self._post(model, first))
        return found

    def private(self, model: str) -> Exchange:
        """Return the PATCH that made all of the second twin private, and nothing else."""
        keys = [key.key for key in self.contract.privacy_keys_of(model)]
        body = {"privacy": dict.fromkeys(keys, "private")}
        found: Exchange = self._once.get(f"private {model}", lambda: self._patch(model, body))
        return found

    def emptied(self, model: str) -> Exchange:
        """Return the PATCH that set all values of the second twin to null that may be so."""
        self.private(model)
        body = dict.fromkeys(nullable(self.contract, model))
        found: Exchange = self._once.get(f"emptied {model}", lambda: self._patch(model, body))
        return found

    def read(self, model: str, which: str) -> Exchange:
        """Return a GET of a twin after everything."""
        self.emptied(model)
        refs = self.first(model).refs if which == FIRST else self.second(model).refs
        found: Exchange = self._once.get(
            f"read {which} {model}", lambda: self.account.owner.send(f"get{model}", refs)
        )
        return found

    def _post(self, model: str, first: Entity) -> Exchange:
        exchange = self.account.owner.send(f"create{model}", json=first.sent)
        self._entities[model] = self.account.adopt(model.lower(), first.sent, exchange)
        return exchange

    def second(self, model: str) -> Entity:
        """Return the second twin; raises PreconditionFailed when it could not be created."""
        posted = self.posted(model)
        found = self._entities[model]
        if found is None:
            reason = f"{posted.label} created nothing"
            raise PreconditionFailed(reason, posted)
        return found

    def _patch(self, model: str, body: dict[str, Any]) -> Exchange:
        return self.account.owner.send(f"update{model}", self.second(model).refs, json=body)


def nullable(contract: Contract, model: str) -> list[str]:
    """Return the keys of a model that a PATCH may set to null."""
    fields = contract.fields_of(model)
    return [f.key for f in fields if f.in_patch and f.nullable and f.key != "privacy"]


@pytest.fixture(scope="session")
def twins(account: Account, contract: Contract) -> Twins:
    """The twins that the checks share."""
    return Twins(account, contract)
