"""Valid bodies that differ from each other each time: with all keys, with one, and with each state of privacy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.contract.samples import sample
from conformance.properties import strategies

if TYPE_CHECKING:
    import random

    from conformance.account import Account
    from conformance.contract import Contract

# Which keys are private.
ALL, ALL_BUT_ONE, ONE, NONE, SOME = "all", "all but one", "one", "none", "some"
CREATED = ("Member", "Group")  # models of which there may be several


class VariedBodies:
    """Bodies for one account; `draw` is the source of all choices."""

    def __init__(self, account: Account, contract: Contract, draw: random.Random) -> None:
        """Take the account, which names what is created, and the source of all choices."""
        self.account, self.contract, self.draw = account, contract, draw
        self._variant = account.seed % 1000  # of the samples

    def with_all_keys(self, model: str) -> dict[str, Any]:
        """Return a body with a value in every key that a POST and a PATCH take, nothing in it private."""
        self._variant += 1
        body = strategies.everything(self.contract, model, self._variant)
        fields = {field.key: field for field in self.contract.fields_of(model)}
        return {
            key: value
            for key, value in body.items()
            if key != "privacy" and (fields[key].in_post or model not in CREATED)
        }

    def with_one_key(self, model: str) -> dict[str, Any]:
        """Return a body with a new value for one key."""
        self._variant += 1
        fields = [
            field
            for field in self.contract.fields_of(model)
            if field.in_patch
            and field.key != "privacy"
            and (field.key != "name" or model in CREATED)
            and strategies.sends(self.contract, model, field.key)
        ]
        field = self.draw.choice(fields)
        if field.key == "name":
            return {"name": self.account.name()}
        return {field.key: sample(field, self._variant % 1000)}

    def with_privacy(self, model: str, state: str) -> dict[str, Any]:
        """Return a body with the privacy of a state; empty where the model has no privacy."""
        rows = self.contract.privacy_keys_of(model)
        keys = [row.key for row in rows if strategies.sends(self.contract, model, row.key)]
        if not keys:
            return {}
        one = self.draw.choice(keys)
        private = {
            ALL: keys,
            ALL_BUT_ONE: [key for key in keys if key != one],
            ONE: [one],
            NONE: [],
            SOME: [key for key in keys if self.draw.random() < 1 / 2],
        }[state]
        return {"privacy": {key: "private" if key in private else "public" for key in keys}}
