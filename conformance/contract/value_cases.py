"""Values of keys that a body must take or be rejected for: the cells of `openapi/inputs/keys.yaml`, each with its value.

How they are sent is in `scenarios.sent_values`.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
from typing import TYPE_CHECKING, Any

from conformance.contract import inputs
from conformance.contract.equivalence import means
from conformance.contract.key_values import SAMPLES
from conformance.contract.rows import Row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from conformance.contract import Contract, Field
    from conformance.contract.inputs import Cell

MODELS = ("System", "Member", "Group")
TAKEN, OPEN, REJECTED, CLEARED = "accepted", "open", "rejected", "cleared"
ORDER = (OPEN, TAKEN, REJECTED, CLEARED)
# A key of each model that is left out of the first bodies that are rejected, so that it can have a valid value there; afterwards another one can.
LATE = {
    "System": "description",
    "Member": "description",
    "Group": "description",
    "SystemSettings": "pings_enabled",
    "SystemGuildSettings": "tag_enabled",
    "MemberGuildSettings": "keep_proxy",
    "AutoproxySettings": "autoproxy_mode",
}
PERSISTS = "persists"
TEXT_IS_KEPT = "text-is-kept"
CLEARS = "patch-null-clears-value"
LIMITS = ("at-limit", "over-limit", "far-over-limit")
PRIVACY_OBJECT = "privacy"
PRIVACY = f"{PRIVACY_OBJECT}."
ABSENT = object()


@dataclasses.dataclass(frozen=True)
class Case:
    """One value of one key of one operation, and the requirements that say what becomes of it.

    A key of a privacy object is written like `privacy.name_privacy`.
    """

    cell: Cell
    model: str
    value: Any = dataclasses.field(compare=False)
    rules: tuple[str, ...]

    @property
    def operation(self) -> str:
        """The operation that it is sent to."""
        return self.cell.operation.id

    @property
    def creates(self) -> bool:
        """Whether the operation creates something."""
        return self.cell.operation.action == "create"

    @property
    def key(self) -> str:
        """The key that has the value."""
        return self.cell.where

    @property
    def label(self) -> str:
        """The class of the value."""
        return self.cell.input_class.id

    @property
    def stage(self) -> str:
        """What the docs say: accepted, cleared, rejected, or open."""
        return self.cell.input_class.answer

    @property
    def name(self) -> str:
        """The case's name in reports, like `member.color-hash`, or `new-member.color-hash`."""
        new = "new-" if self.creates else ""
        return f"{new}{self.model.lower()}.{self.key}-{self.label}"

    @property
    def sent_with_rejected(self) -> bool:
        """Whether it is sent beside values that must be rejected."""
        return REJECTED in (self.stage, self.cell.input_class.most)

    def shown(self, entity: dict[str, Any]) -> Any:
        """Return what a response shows of the key; ABSENT where it shows nothing."""
        if self.key.startswith(PRIVACY):
            entity = entity["privacy"] if isinstance(entity.get("privacy"), dict) else {}
        return entity.get(self.key.removeprefix(PRIVACY), ABSENT)

    def is_named_in(self, errors: dict[str, Any]) -> bool:
        """Whether a map of errors names the key: of a privacy key alone, or with the object before it."""
        return self.key in errors or self.key.removeprefix(PRIVACY) in errors


@functools.cache
def cases(contract: Contract, *actions: str) -> tuple[Case, ...]:
    """Return the cases of operations that do this (update or create; without any, of all), but for those about which no requirement of this revision says anything."""
    cells = inputs.cells(contract, inputs.KEY)
    wanted = [cell for cell in cells if not actions or cell.operation.action in actions]
    found = [_case(contract, cell) for cell in wanted if not cell.because]
    return tuple(case for case in found if case.rules)


def silent(contract: Contract) -> frozenset[Cell]:
    """Return the cells about which no requirement of this revision says anything."""
    return frozenset(inputs.cells(contract, inputs.KEY)) - {one.cell for one in cases(contract)}


def rows(contract: Contract, *, limits: bool, stages: Iterable[str]) -> Iterator[Row]:
    """Rows for the cases of these stages: those of limits, or all the others."""
    for case in cases(contract):
        if (case.label in LIMITS) is limits and case.stage in stages:
            yield Row(case, case.name, case.rules, cells=(case.cell,))


def rounds(tried: Iterable[Case], valid: Collection[str] = ()) -> Iterator[list[Case]]:
    """Yield cases that can be sent together, one of each key: open ones, accepted ones, then those that are rejected, then null.

    Null comes last, as what is rejected must leave a value behind; what is created has none before. Beside what is
    rejected the late key is left out first, then all other `valid` keys, so that they can have valid values there.
    """
    groups: dict[int, dict[str, list[Case]]] = {number: {} for number, _ in enumerate(ORDER)}
    for case in tried:
        number = ORDER.index(REJECTED if case.sent_with_rejected else case.stage)
        number = ORDER.index(TAKEN) if case.creates and case.stage == CLEARED else number
        groups[number].setdefault(case.key, []).append(case)
    for number, by_key in groups.items():
        # A privacy object as a whole, and single keys of it, do not go into one body.
        whole = by_key.pop(PRIVACY_OBJECT, [])
        late = next((key for key, some in by_key.items() if key == _late(some[0])), None)
        late = late if number == ORDER.index(REJECTED) else None
        columns: list[list[Case | None]] = [
            [*([None] * len(whole) if key.startswith(PRIVACY) else []), *some]
            for key, some in by_key.items()
            if key != late
        ]
        columns.append([*whole])
        if late is not None:
            most = max(map(len, columns))
            ends: dict[str, int] = {}
            for some in columns:
                key = some[-1].key.partition(".")[0] if some and some[-1] else ""
                ends[key] = max(ends.get(key, 0), len(some))
            others = [ends.get(key, 0) for key in valid if key != late]
            # Where no other key can have a valid value, all other keys are wrong beside this one first.
            first = most if set(valid) == {late} else max(most - len(by_key[late]), *others, 0)
            columns.append([*[None] * first, *by_key[late]])
        for together in itertools.zip_longest(*columns):
            yield [case for case in together if case]


def _late(case: Case) -> str | None:
    """Return the key that the first bodies leave out; what is created keeps its name there, without which the rest may not be looked at."""
    return "name" if case.creates else LATE.get(case.model)


def body_of(together: Iterable[Case]) -> dict[str, Any]:
    """Return a body with the values of these cases."""
    body: dict[str, Any] = {}
    for case in together:
        if case.key.startswith(PRIVACY):
            body.setdefault("privacy", {})[case.key.removeprefix(PRIVACY)] = case.value
        else:
            body[case.key] = case.value
    return body


def rules_of_lost(case: Case, actual: Any, contract: Contract) -> tuple[str, ...]:
    """Return the requirements on what is stored, for a list that lacks entries at its end, or has others before or behind them.

    Then it does not matter how long they are.
    """
    if not isinstance(actual, list) or not isinstance(case.value, list) or not actual:
        return ()
    sent, shown = len(case.value), len(actual)
    cut = means(case.key, actual, case.value[:shown])
    kept = shown > sent > 0 and any(
        means(case.key, part, case.value) for part in (actual[:sent], actual[-sent:])
    )
    stored = ("create-stores-sent-keys", *contract.named(PERSISTS, operation=case.operation))
    return tuple(rule for rule in case.rules if rule in stored) if cut or kept else ()


def _case(contract: Contract, cell: Cell) -> Case:
    model, input_class = cell.operation.entity, cell.input_class
    key = cell.where.partition(".")[0]
    field = contract.field(model, key)
    sample = SAMPLES[input_class.sample] if input_class.sample else None
    value = sample(field) if sample else input_class.value
    return Case(cell, model, value, _rules(contract, cell, field))


def _rules(contract: Contract, cell: Cell, field: Field) -> tuple[str, ...]:
    names, operation = cell.input_class.requirements, cell.operation
    if cell.input_class.answer == OPEN:
        names = ("errors-are-4xx-json",)
    rules = contract.named(*set(names) - {PERSISTS}, model=field.model, key=field.key)
    accepted = cell.input_class.answer in (TAKEN, CLEARED)
    cleared = CLEARS in names and operation.action == "update"
    is_said = bool(rules) or TEXT_IS_KEPT in names or cleared
    if PERSISTS in names or (accepted and not is_said):
        kept = "create-stores-sent-keys"
        persists = contract.named(PERSISTS, operation=operation.id)
        rules += (kept,) if operation.action == "create" else persists
    return rules + tuple(name for name in names if name in contract.requirements)
