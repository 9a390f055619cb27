"""Sends PATCHes to the subject of each model: every key alone, then mixtures of several; what came of each is a step.

Between two steps nothing else changes the subject, so what a step read is what the next one finds. Of any two privacy keys
there is a step that names the first and not the second.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import random
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.equivalence import same
from conformance.contract.samples import is_free_text, sample, unusual
from conformance.http import ME, Exchange, Outcome
from conformance.http.assertions import ABSENT, need_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.account import Entity
    from conformance.contract import Contract
    from conformance.scenarios.patched_entities import Filling, Subjects

MODELS = ("Member", "Group", "System")
MIXTURES = 5  # so many that any two of nine keys differ in the mixtures that they are part of
# Keys that the server may change by itself between two requests.
VOLATILE = ("message_count", "last_message_timestamp")
# These keys of a system changed description_privacy instead in PluralKit's own server of 2021.
MISTAKEN = ("member_list_privacy", "front_privacy", "front_history_privacy")
MISTAKEN_FOR = "description_privacy"
UNKNOWN = {"conformance_unknown_key": "nothing"}
MEMBERSHIP = {"Member": ("getGroupMembers", "Group"), "Group": ("getMemberGroups", "Member")}
LISTS = {"Member": "getSystemMembers", "Group": "getSystemGroups", "System": "getSystemMembers"}


@dataclasses.dataclass(frozen=True)
class Change:
    """One key that a PATCH changes: of the model itself, or of its privacy object."""

    model: str
    key: str
    private: bool

    @property
    def path(self) -> str:
        """The key as it is called in a flat body."""
        return f"privacy.{self.key}" if self.private else self.key


@dataclasses.dataclass
class Step:
    """What one PATCH did: the values it gave, the entity before it, its response, and the entity after it."""

    values: dict[Change, Any]
    before: dict[str, Any]
    patch: Exchange
    after: Exchange
    with_unknown_key: bool = False
    again: Step | None = None  # the same without the unknown key, where that was rejected


@dataclasses.dataclass
class Lists:
    """Lists that show the subject: that of its system with a bystander, and that of the membership (not of a system)."""

    of_system: Exchange
    of_membership: Exchange | None


def changes_of(contract: Contract, model: str) -> Iterator[Change]:
    """Yield each key, and each privacy key, that a PATCH of the model may carry."""
    for field in contract.fields_of(model):
        if field.in_patch and field.key != "privacy":
            yield Change(model, field.key, private=False)
    for key in contract.privacy_keys_of(model):
        yield Change(model, key.key, private=True)


def body_of(values: dict[Change, Any]) -> dict[str, Any]:
    """Return the PATCH body that gives these values."""
    body = {change.key: value for change, value in values.items() if not change.private}
    privacy = {change.key: value for change, value in values.items() if change.private}
    return body | ({"privacy": privacy} if privacy else {})


def flat(body: dict[str, Any]) -> dict[str, Any]:
    """Return an entity with its privacy keys on the same level as the others."""
    privacy = body.get("privacy")
    keys = {key: value for key, value in body.items() if key != "privacy"}
    nested = privacy.items() if isinstance(privacy, dict) else ()
    return keys | {f"privacy.{key}": value for key, value in nested}


class Series:
    """The steps of each model; they are taken once, when the first check asks."""

    def __init__(self, subjects: Subjects, bystanders: dict[str, Entity]) -> None:
        """Take the subjects, and one entity of each kind that no PATCH names."""
        self.subjects, self.bystanders = subjects, bystanders
        self.account, self.contract = subjects.account, subjects.contract
        self._random = random.Random(f"patch {self.account.seed}")  # noqa: S311 not for secrets
        self._steps: dict[str, list[Step]] = {}
        self._trouble: dict[str, Outcome] = {}
        self._lists: dict[str, tuple[Lists, Lists]] = {}
        self._joined: Exchange | Outcome | None = None

    def steps(self, change: Change) -> list[Step]:
        """Return the steps that named the key; raises PreconditionFailed when there was none."""
        found = [step for step in self.all_steps(change.model) if change in step.values]
        if not found:
            raise self._trouble[change.model]
        return found

    def all_steps(self, model: str) -> list[Step]:
        """Return the steps of a model in their order, as far as they could be taken."""
        if model not in self._steps:
            self._steps[model] = []
            try:
                self._run(model)
            except Outcome as problem:
                self._trouble[model] = problem
        return self._steps[model]

    def lists(self, model: str) -> tuple[Lists, Lists]:
        """Return the lists before and after the steps; raises PreconditionFailed when not all steps could be taken."""
        self.all_steps(model)
        if model in self._trouble:
            raise self._trouble[model]
        return self._lists[model]

    def joined(self) -> Exchange:
        """Return the response to the request that put the member into the group, before their steps."""
        if self._joined is None:
            try:
                group, member = (self.subjects.refs(model) for model in ("Group", "Member"))
                refs = list(member.values())
                self._joined = self.account.owner.send("addGroupMembers", group, json=refs)
            except Outcome as problem:
                self._joined = problem
        if isinstance(self._joined, Outcome):
            raise self._joined
        return self._joined

    def _run(self, model: str) -> None:
        with contextlib.suppress(Outcome):  # reported to the check that needs it
            self.joined()
        owner, filling = self.account.owner, self.subjects.filled(model)
        self._last = owner.send(f"get{model}", filling.at)
        self._steps[model].append(self._first_step(model, filling))
        before = self._read_lists(model)
        for names, variant in self._plan(model):
            values = self._values(names, variant)
            self._take(model, filling.at, values, unknown=variant == MIXTURES)
        self._lists[model] = (before, self._read_lists(model))

    def _read_lists(self, model: str) -> Lists:
        owner, membership = self.account.owner, None
        joined = isinstance(self._joined, Exchange) and self._joined.ok
        if model in MEMBERSHIP and joined:
            operation, other = MEMBERSHIP[model]
            membership = owner.send(operation, self.subjects.refs(other))
        return Lists(owner.send(LISTS[model], ME), membership)

    def _first_step(self, model: str, filling: Filling) -> Step:
        sent = flat(filling.sent) if filling.patch.ok else {}
        named = [change for change in changes_of(self.contract, model) if change.path in sent]
        values = {change: sent[change.path] for change in named}
        before = self._documented(model, self.subjects.origin(model))
        return Step(values, before, filling.patch, self._last)

    def _plan(self, model: str) -> Iterator[tuple[list[Change], int]]:
        """Yield the keys that each step names, and which of their values it gives."""
        changes = list(changes_of(self.contract, model))
        tops = [change for change in changes if not change.private]
        for change in tops:
            yield [change], 0
        for number, names in enumerate(mixtures([c for c in changes if c.private])):
            # Every second mixture holds nothing but privacy keys.
            more = self._random.sample(tops, len(tops) // 2) if number % 2 else []
            yield [*more, *names], number + 1

    def _take(
        self, model: str, at: dict[str, str], values: dict[Change, Any], *, unknown: bool
    ) -> Step:
        """Send one PATCH; one of several keys that is rejected is sent again key by key."""
        body = body_of(values)
        step = self._send(model, at, values, body | UNKNOWN if unknown else body)
        step.with_unknown_key = unknown
        self._steps[model].append(step)
        if unknown and not step.patch.ok:
            step.values = {}
            step.again = self._take(model, at, values, unknown=False)
        elif not step.patch.ok and len(values) > 1:
            step.values = {}
            for change, value in values.items():
                self._take(model, at, {change: value}, unknown=False)
        return step

    def _send(
        self, model: str, at: dict[str, str], values: dict[Change, Any], body: dict[str, Any]
    ) -> Step:
        owner, before = self.account.owner, self._documented(model, need_object(self._last))
        patch = owner.send(f"update{model}", at, json=body)
        self._last = owner.send(f"get{model}", at)
        return Step(values, before, patch, self._last)

    def _documented(self, model: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the subject without the keys that a response need not have: nothing follows from their absence."""
        keys = {field.key for field in self.contract.fields_of(model) if field.always}
        return {key: value for key, value in body.items() if key in keys}

    def _values(self, changes: Sequence[Change], variant: int) -> dict[Change, Any]:
        now = flat(need_object(self._last))
        return {change: self._value(change, now.get(change.path), variant) for change in changes}

    def _value(self, change: Change, now: Any, variant: int) -> Any:
        """Return a value that the key does not have."""
        if change.private:
            return "private" if now == "public" else "public"
        field = self.contract.field(change.model, change.key)
        if isinstance(now, bool):
            return not now
        if not is_free_text(field):
            return sample(field, variant + 1)
        name = self.account.name() if field.key == "name" else ""
        return name + unusual(field, variant)


def mixtures(changes: Sequence[Change]) -> list[list[Change]]:
    """Spread changes over mixtures, each into another pair of them."""
    pairs = itertools.combinations(range(MIXTURES), 2)
    placed = dict(zip(changes, pairs, strict=False))
    return [[c for c, pair in placed.items() if number in pair] for number in range(MIXTURES)]


def left_alone(step: Step, exchange: Exchange) -> dict[str, dict[str, Any]]:
    """Return what differs from before among the keys that the step did not name: `{"before": ..., "after": ...}`."""
    old, new = flat(step.before), flat(need_object(exchange))
    named = {*VOLATILE, *(change.path for change in step.values)}
    keys = [key for key in old if key not in named and not same(old[key], new.get(key, ABSENT))]
    return {"before": {k: old[k] for k in keys}, "after": {k: new.get(k, ABSENT) for k in keys}}


def mistaken(step: Step) -> list[Any]:
    """Return the values that PluralKit's own server of 2021 gave to description_privacy instead of the keys of the step."""
    named = [c for c in step.values if c.model == "System" and c.private and c.key in MISTAKEN]
    return [step.values[change] for change in named]


@pytest.fixture(scope="session")
def series(subjects: Subjects, full_member: Entity, full_group: Entity) -> Series:
    """The PATCHes that `patch`, `patch_bodies` and `patch_surroundings` look at."""
    return Series(subjects, {"member": full_member, "group": full_group})
