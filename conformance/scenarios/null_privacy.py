"""Privacy keys that are all private, and then set to null: those of the patched system, member and group.

First all but one get their null, then the last one alone; after that others read what is public again.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.samples import sample
from conformance.http import Outcome, PreconditionFailed
from conformance.http.assertions import need_object, need_privacy
from conformance.scenarios.once import Once, outcome_of, value_or_raise

if TYPE_CHECKING:
    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.http import Caller, Exchange
    from conformance.scenarios.patched_entities import PatchedEntities

MODELS = ("System", "Member", "Group")
ENOUGH = 2  # private keys: one to set to null, one to leave out
# What others read when a model is public again: itself first, then the lists that its keys close or leave it out of.
READS = {
    "System": (
        "getSystem",
        "getSystemMembers",
        "getSystemGroups",
        "getFronters",
        "getSystemSwitches",
    ),
    "Member": ("getMember", "getSystemMembers"),
    "Group": ("getGroup", "getSystemGroups", "getGroupMembers"),
}
OTHERS = ("anonymous", "other")


def private_keys(exchange: Exchange, keys: list[str]) -> list[str]:
    """Return those of the privacy keys that a response shows as private."""
    privacy = need_privacy(exchange)
    return [key for key in keys if privacy.get(key) == "private"]


@dataclasses.dataclass(frozen=True)
class Nulls:
    """A PATCH with null for all privacy keys but a private one, and a GET after it; then the same for that one alone."""

    keys: list[str]
    spared: str
    patch: Exchange
    after: Exchange
    last: Exchange


class NullPrivacy:
    """Sends the PATCHes of each model, once, and the reads of others after them."""

    def __init__(self, patched_entities: PatchedEntities) -> None:
        """Take the entities; nothing is sent yet."""
        self.patched_entities = patched_entities
        self.account: Account = patched_entities.account
        self.contract: Contract = patched_entities.contract
        self._once = Once()
        self._reads: dict[tuple[str, str], Exchange | Outcome] = {}
        self._callers = itertools.cycle(self._others())

    def nulls(self, model: str) -> Nulls:
        """Return how all keys but one were set to null; raises PreconditionFailed when they could not be made private."""
        made: Nulls = self._once.get(f"nulls {model}", lambda: self._send_nulls(model))
        return made

    def read(self, model: str, operation: str) -> Exchange:
        """Return what another caller read after both."""
        self.nulls(model)
        return value_or_raise(self._reads[model, operation])

    def _others(self) -> list[Caller]:
        known = (self.account.anonymous, self.account.other)
        return [caller for caller in known if caller.name != "other" or caller.token is not None]

    def _send_nulls(self, model: str) -> Nulls:
        if model != "System":
            with contextlib.suppress(Outcome):  # then its lists may be closed
                self.nulls("System")
        owner, at = self.account.owner, self.patched_entities.refs(model)
        *keys, spared = self._need_private(model)
        patch = owner.send(f"update{model}", at, json={"privacy": dict.fromkeys(keys)})
        after = owner.send(f"get{model}", at)
        owner.send(f"update{model}", at, json={"privacy": {spared: None}})
        found = Nulls(keys, spared, patch, after, owner.send(f"get{model}", at))
        for operation in READS[model]:
            self._reads[model, operation] = outcome_of(partial(self._read, model, operation))
        return found

    def _need_private(self, model: str) -> list[str]:
        """Return the privacy keys, which are private, the last one certainly; at least two of them are."""
        owner, at = self.account.owner, self.patched_entities.refs(model)
        keys = [key.key for key in self.contract.privacy_keys_of(model)]
        exchange = owner.send(f"get{model}", at)
        before = private_keys(exchange, keys)
        missing = self._missing_values(model, need_object(exchange))
        if missing:
            owner.send(f"update{model}", at, json=missing)
        if len(before) < len(keys):
            body = {"privacy": dict.fromkeys(keys, "private")}
            need_object(owner.send(f"update{model}", at, json=body))
            exchange = owner.send(f"get{model}", at)
        private = private_keys(exchange, keys)
        if len(private) < ENOUGH:
            reason = f"{model.lower()} could not be made private"
            raise PreconditionFailed(reason, exchange)
        return [*(key for key in keys if key != private[-1]), private[-1]]

    def _missing_values(self, model: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return a value for each key that has none and that a privacy key covers."""
        fields = [f for f in self.contract.fields_of(model) if f.in_patch and f.hidden_by]
        return {f.key: sample(f, 0) for f in fields if f.key in body and not body[f.key]}

    def _read(self, model: str, operation: str) -> Exchange:
        of_system = {"systemId": self.account.system_id}
        names_itself = operation in ("getMember", "getGroup", "getGroupMembers")
        refs = self.patched_entities.refs(model) if names_itself else of_system
        return next(self._callers).send(operation, refs)


@pytest.fixture(scope="session")
def null_privacy(patched_entities: PatchedEntities) -> NullPrivacy:
    """The PATCHes with null for privacy keys that checks of PATCH share."""
    return NullPrivacy(patched_entities)
