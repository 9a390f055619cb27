"""Keys that a PATCH leaves out keep their value (docs: reference#api-reference).

The keys of one entity are changed one after the other; what each step did is seen in its answer and in a GET after it.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import Row, changes_system, each, requirement
from conformance.contract.samples import full_body, sample
from conformance.wire import Outcome
from conformance.wire.expectation import ABSENT, expect, expect_status, need_object, same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.wire import Exchange
    from conformance.world import Entity, World

MODELS = ("Member", "Group", "System")
# Keys that the server may change by itself between two requests.
VOLATILE = ("message_count", "last_message_timestamp")


@dataclasses.dataclass(frozen=True)
class Change:
    """One key that a PATCH changes: of the model itself, or of its privacy object."""

    model: str
    key: str
    private: bool

    def body(self, value: Any) -> dict[str, Any]:
        """Return the PATCH body that sets the key, and no other."""
        return {"privacy": {self.key: value}} if self.private else {self.key: value}


@dataclasses.dataclass
class Step:
    """What one PATCH did: the entity before it, its answer, and the entity after it."""

    value: Any
    before: dict[str, Any]
    patch: Exchange
    after: Exchange


def changes(contract: Contract) -> Iterator[Row]:
    """Rows for each key, and each privacy key, that a PATCH may carry."""
    for model in MODELS:
        for field in contract.fields_of(model):
            if field.in_patch and field.key != "privacy":
                yield Row(Change(model, field.key, private=False), field.name)
        for key in contract.privacy_keys_of(model):
            yield Row(Change(model, key.key, private=True), key.name)


class Series:
    """PATCHes of one entity, one key at a time; each is sent once, in the order of the table."""

    def __init__(self, world: World, contract: Contract) -> None:
        """Take the world in which the entities live."""
        self.world, self.contract = world, contract
        self._steps: dict[Change, Step | Outcome] = {}

    def step(self, change: Change) -> Step:
        """Return the step that changed this key; raises Unmet when it was not possible."""
        if change not in self._steps:
            self._run(change.model)
        found = self._steps[change]
        if isinstance(found, Outcome):
            raise found
        return found

    def _run(self, model: str) -> None:
        rows = [row.value for row in changes(self.contract) if row.value.model == model]
        try:
            entity = self._filled(model)
            for change in rows:
                self._steps[change] = self._patch(entity, change)
        except Outcome as problem:
            self._steps.update({change: problem for change in rows if change not in self._steps})

    def _filled(self, model: str) -> dict[str, str]:
        """Give an entity a value in every key, every second privacy key private; return its refs."""
        keys = self.contract.privacy_keys_of(model)
        privacy = {key.key: ("private", "public")[number % 2] for number, key in enumerate(keys)}
        if model == "System":
            fields = [
                f for f in self.contract.fields_of(model) if f.in_patch and f.key != "privacy"
            ]
            body = {field.key: sample(field, 0) for field in fields}
            need_object(self.world.change_system(**body, privacy=privacy))
            return {"systemId": "@me"}
        make = self.world.member if model == "Member" else self.world.group
        entity: Entity = make(**full_body(self.contract, model) | {"name": self.world.name()})
        named = {"name": self.world.name(), "privacy": privacy}
        need_object(self.world.owner.send(f"update{model}", entity.refs, json=named))
        return entity.refs

    def _patch(self, refs: dict[str, str], change: Change) -> Step:
        owner, model = self.world.owner, change.model
        before = self._documented(model, need_object(owner.send(f"get{model}", refs)))
        value = self._new_value(change, before)
        patch = owner.send(f"update{model}", refs, json=change.body(value))
        return Step(value, before, patch, owner.send(f"get{model}", refs))

    def _documented(self, model: str, body: dict[str, Any]) -> dict[str, Any]:
        """Leave out the keys that an answer need not have: nothing follows from their absence."""
        keys = {field.key for field in self.contract.fields_of(model) if field.always}
        return {key: value for key, value in body.items() if key in keys}

    def _new_value(self, change: Change, before: dict[str, Any]) -> Any:
        if change.private:
            privacy = before.get("privacy")
            now = privacy.get(change.key) if isinstance(privacy, dict) else None
            return "private" if now == "public" else "public"
        if change.key == "name":
            return self.world.name()
        return sample(self.contract.field(change.model, change.key), 1)


def lost(change: Change, before: dict[str, Any], now: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the keys that changed although the PATCH did not name them: `{"before": ..., "after": ...}`."""
    old, new = _flat(before), _flat(now)
    named = f"privacy.{change.key}" if change.private else change.key
    keys = [
        key
        for key in old
        if key not in (named, *VOLATILE) and not same(old[key], new.get(key, ABSENT))
    ]
    return {"before": {k: old[k] for k in keys}, "after": {k: new.get(k, ABSENT) for k in keys}}


def _flat(body: dict[str, Any]) -> dict[str, Any]:
    privacy = body.get("privacy")
    keys = {key: value for key, value in body.items() if key != "privacy"}
    nested = privacy.items() if isinstance(privacy, dict) else ()
    return keys | {f"privacy.{key}": value for key, value in nested}


@pytest.fixture(scope="session")
def series(world: World, contract: Contract) -> Series:
    """The PATCHes that all checks of this module look at."""
    return Series(world, contract)


def expect_nothing_lost(change: Change, step: Step, exchange: Exchange, where: str) -> None:
    """The exchange shows every key that the PATCH did not name as it was before."""
    found = lost(change, step.before, need_object(exchange))
    expect(
        f"keys that a PATCH of {change.key} does not name, {where}",
        holds=not found["before"],
        expected=found["before"],
        actual=found["after"],
        exchange=exchange,
    )


@changes_system
@requirement("patch-preserves-missing-keys")
@each("change", changes)
def check_patch_keeps_other_keys(change: Change, series: Series) -> None:
    """A PATCH of one key leaves all other keys as they were, as a GET after it shows."""
    step = series.step(change)
    need_object(step.patch)
    expect_nothing_lost(change, step, step.after, "read back")


@changes_system
@requirement("patch-preserves-missing-keys")
@each("change", changes)
def check_patch_answers_with_other_keys(change: Change, series: Series) -> None:
    """The answer to a PATCH of one key shows all other keys as they were."""
    step = series.step(change)
    expect_nothing_lost(change, step, step.patch, "in the answer")


def stored(contract: Contract) -> Iterator[Row]:
    """The same rows, with the requirements that the key which was named has its new value."""
    for row in changes(contract):
        change = row.value
        rules = ("privacy-set-private", "privacy-set-public") if change.private else ()
        yield Row(change, row.id, (f"update-{change.model.lower()}-persists", *rules))


def answered(contract: Contract) -> Iterator[Row]:
    """The same rows, with the requirement on what a PATCH answers with."""
    for row in changes(contract):
        model = row.value.model.lower()
        yield Row(row.value, row.id, (f"update-{model}-returns-{model}",))


def expect_value_set(change: Change, step: Step, exchange: Exchange, where: str) -> None:
    """The exchange shows the key that the PATCH named with its new value."""
    body = _flat(need_object(exchange))
    actual = body.get(f"privacy.{change.key}" if change.private else change.key, ABSENT)
    breaks: tuple[str, ...] = ()
    if change.private and actual in ("private", "public"):
        breaks = (f"privacy-set-{step.value}",)
    expect(
        f"{change.key} {where}",
        holds=same(actual, step.value),
        expected=step.value,
        actual=actual,
        exchange=exchange,
        breaks=(*breaks, f"update-{change.model.lower()}-persists"),
    )


@changes_system
@each("change", stored)
def check_patched_key_is_stored(change: Change, series: Series) -> None:
    """A GET after a PATCH shows the new value of the key that it named."""
    step = series.step(change)
    expect_status(step.patch, 200)
    expect_value_set(change, step, step.after, "read back")


@changes_system
@each("change", answered)
def check_patch_answers_with_new_value(change: Change, series: Series) -> None:
    """A PATCH answers with the entity, and the key that it named has its new value."""
    step = series.step(change)
    expect_status(step.patch, 200)
    expect_value_set(change, step, step.patch, "in the answer")


@changes_system
@requirement("patch-keys-all-optional")
@each("change", changes)
def check_key_can_be_sent_alone(change: Change, series: Series) -> None:
    """A PATCH of one key alone is accepted."""
    expect_status(series.step(change).patch, 200)
