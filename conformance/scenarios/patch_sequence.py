"""Sends PATCHes to an entity of each model: every key alone, then combinations of several. Each PATCH is a step.

Between two steps nothing else changes the entity, so what a step read is the state before the next one. Of any two privacy keys
there is a step that names the first and not the second.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import random
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.equivalence import means, same
from conformance.contract.samples import is_free_text, sample, unusual
from conformance.http import ME, Exchange, Outcome, PreconditionFailed
from conformance.http.assertions import ABSENT, need_object
from conformance.scenarios.once import outcome_of, value_or_raise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conformance.account import Entity
    from conformance.contract import Contract
    from conformance.scenarios.patched_entities import FullPatch, PatchedEntities

MODELS = ("Member", "Group", "System")
COMBINATIONS = 5  # so many that no two of nine keys are in the same combinations
# Keys that the server may change by itself between two requests; that ids stay is for requirements of their own.
VOLATILE = ("message_count", "last_message_timestamp", "id", "uuid")
# These keys of a system changed description_privacy instead in PluralKit production of 2021.
MISASSIGNED = ("member_list_privacy", "front_privacy", "front_history_privacy")
MISASSIGNED_TO = "description_privacy"
UNKNOWN_KEY = {"conformance_unknown_key": "nothing"}
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
    """One PATCH: the values it sets, the entity before it, its response, and the entity after it."""

    values: dict[Change, Any]
    before: dict[str, Any]
    patch: Exchange
    after: Exchange
    with_unknown_key: bool = False
    again: Step | None = None  # the same without the unknown key, where that was rejected


@dataclasses.dataclass
class Lists:
    """Lists that show the entity: those of its system, and those of its membership (none for a system)."""

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


class PatchSequence:
    """The steps of each model; they are sent once, when the first check asks."""

    def __init__(self, patched_entities: PatchedEntities, untouched: dict[str, Entity]) -> None:
        """Take the entities, and one entity of each kind that no PATCH names."""
        self.patched_entities, self.untouched = patched_entities, untouched
        self.account, self.contract = patched_entities.account, patched_entities.contract
        self._random = random.Random(f"patch {self.account.seed}")  # noqa: S311 not for secrets
        self._steps: dict[str, list[Step]] = {}
        self._problems: dict[str, Outcome] = {}
        self._lists: dict[str, tuple[Lists, Lists]] = {}
        self._membership_added: Exchange | Outcome | None = None

    def steps(self, change: Change) -> list[Step]:
        """Return the steps that named the key; raises PreconditionFailed when there was none."""
        found = [step for step in self.all_steps(change.model) if change in step.values]
        if not found:
            raise self._problems[change.model]
        return found

    def all_steps(self, model: str) -> list[Step]:
        """Return the steps of a model in their order, as far as they could be sent."""
        if model not in self._steps:
            self._steps[model] = []
            try:
                self._send_all(model)
            except Outcome as problem:
                self._problems[model] = problem
        return self._steps[model]

    def lists(self, model: str) -> tuple[Lists, Lists]:
        """Return the lists before and after the steps; raises PreconditionFailed when not all steps could be sent."""
        self.all_steps(model)
        if model in self._problems:
            raise self._problems[model]
        return self._lists[model]

    def membership_added(self) -> Exchange:
        """Return the response to the request that added the member to the group, before their steps."""
        if self._membership_added is None:
            self._membership_added = outcome_of(self._add_membership)
        return value_or_raise(self._membership_added)

    def _add_membership(self) -> Exchange:
        group, member = (self.patched_entities.refs(model) for model in ("Group", "Member"))
        return self.account.owner.send("addGroupMembers", group, json=list(member.values()))

    def need_shown(self, model: str, keys: Iterable[str], *shown: dict[str, Any]) -> None:
        """Raise PreconditionFailed where all these keys are private, before or after, and the owner is not shown what is."""
        hidden_by = {f.key: f"privacy.{f.hidden_by}" for f in self.contract.fields_of(model)}
        private = [
            any(one.get(hidden_by.get(key, "")) == "private" for one in shown) for key in keys
        ]
        if private and all(private) and self._hides_from_owner(model):
            reason = f"private keys of a {model.lower()} are hidden from its owner, and shown again when they are public"
            raise PreconditionFailed(reason)

    def _hides_from_owner(self, model: str) -> bool:
        """Whether a value was not shown while it was private, and was there again, untouched, when it was public."""
        for field in self.contract.fields_of(model):
            change, value, unseen = Change(model, field.key, private=False), ABSENT, False
            for step in self.all_steps(model):
                shown = flat(step.after.json) if isinstance(step.after.json, dict) else {}
                if change in step.values:
                    value, unseen = step.values[change], False
                is_shown = means(field.key, shown.get(field.key), value)
                if is_shown and unseen:
                    return True
                private = shown.get(f"privacy.{field.hidden_by}") == "private"
                unseen = value is not ABSENT and not is_shown and (unseen or private)
        return False

    def _send_all(self, model: str) -> None:
        with contextlib.suppress(Outcome):  # raised again for the check that needs it
            self.membership_added()
        owner, full_patch = self.account.owner, self.patched_entities.full_patch(model)
        self._last = owner.send(f"get{model}", full_patch.refs)
        self._steps[model].append(self._first_step(model, full_patch))
        before = self._read_lists(model)
        for names, variant in self._plan(model):
            values = self._values(names, variant)
            self._send_step(model, full_patch.refs, values, unknown=variant == COMBINATIONS)
        self._lists[model] = (before, self._read_lists(model))

    def _read_lists(self, model: str) -> Lists:
        owner, membership = self.account.owner, None
        added = self._membership_added
        if model in MEMBERSHIP and isinstance(added, Exchange) and added.ok:
            operation, other = MEMBERSHIP[model]
            membership = owner.send(operation, self.patched_entities.refs(other))
        return Lists(owner.send(LISTS[model], ME), membership)

    def _first_step(self, model: str, full_patch: FullPatch) -> Step:
        sent = flat(full_patch.body) if full_patch.patch.ok else {}
        named = [change for change in changes_of(self.contract, model) if change.path in sent]
        values = {change: sent[change.path] for change in named}
        before = self._documented(model, self.patched_entities.before_patches(model))
        return Step(values, before, full_patch.patch, self._last)

    def _plan(self, model: str) -> Iterator[tuple[list[Change], int]]:
        """Yield the keys that each step names, and which of their values it sets."""
        changes = list(changes_of(self.contract, model))
        own_keys = [change for change in changes if not change.private]
        for change in own_keys:
            yield [change], 0
        for number, names in enumerate(combinations_of([c for c in changes if c.private])):
            # Every second combination has nothing but privacy keys.
            others = self._random.sample(own_keys, len(own_keys) // 2) if number % 2 else []
            yield [*others, *names], number + 1

    def _send_step(
        self, model: str, refs: dict[str, str], values: dict[Change, Any], *, unknown: bool
    ) -> Step:
        """Send one PATCH; one of several keys that is rejected is sent again key by key."""
        body = body_of(values)
        step = self._send(model, refs, values, body | UNKNOWN_KEY if unknown else body)
        step.with_unknown_key = unknown
        self._steps[model].append(step)
        if unknown and not step.patch.ok:
            step.values = {}
            step.again = self._send_step(model, refs, values, unknown=False)
        elif not step.patch.ok and len(values) > 1:
            step.values = {}
            for change, value in values.items():
                self._send_step(model, refs, {change: value}, unknown=False)
        return step

    def _send(
        self, model: str, refs: dict[str, str], values: dict[Change, Any], body: dict[str, Any]
    ) -> Step:
        owner, before = self.account.owner, self._documented(model, need_object(self._last))
        patch = owner.send(f"update{model}", refs, json=body)
        self._last = owner.send(f"get{model}", refs)
        return Step(values, before, patch, self._last)

    def _documented(self, model: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the entity without the keys that a response may leave out: their absence means nothing."""
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


def combinations_of(changes: Sequence[Change]) -> list[list[Change]]:
    """Distribute changes over combinations, each into another pair of them."""
    pairs = itertools.combinations(range(COMBINATIONS), 2)
    placed = dict(zip(changes, pairs, strict=False))
    return [[c for c, pair in placed.items() if number in pair] for number in range(COMBINATIONS)]


def unnamed_changes(step: Step, exchange: Exchange) -> dict[str, dict[str, Any]]:
    """Return what differs from before among the keys that the step did not name: `{"before": ..., "after": ...}`.

    That there is no privacy object at all is for its own requirement.
    """
    old, new = flat(step.before), flat(need_object(exchange))
    named = {*VOLATILE, *(change.path for change in step.values)}
    hidden = not isinstance(need_object(exchange).get("privacy"), dict)
    known = [key for key in old if not (hidden and key.startswith("privacy."))]
    keys = [key for key in known if key not in named and not same(old[key], new.get(key, ABSENT))]
    return {"before": {k: old[k] for k in keys}, "after": {k: new.get(k, ABSENT) for k in keys}}


def misassigned_values(step: Step) -> list[Any]:
    """Return the values that PluralKit production of 2021 set for description_privacy instead of the keys of the step."""
    named = [c for c in step.values if c.model == "System" and c.private and c.key in MISASSIGNED]
    return [step.values[change] for change in named]


@pytest.fixture(scope="session")
def patch_sequence(
    patched_entities: PatchedEntities, full_member: Entity, full_group: Entity
) -> PatchSequence:
    """The PATCHes that the checks of PATCH share."""
    return PatchSequence(patched_entities, {"member": full_member, "group": full_group})
