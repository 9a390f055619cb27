"""Visits: requests that name a system, member or group in one of its spellings, each sent once (docs: models#notes-on-ids).

What is checked of their answers is in `spelled_paths` and `ids`.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TYPE_CHECKING

import pytest

from conformance.account.refs import Address, rule_of
from conformance.contract.rows import Row
from conformance.http import Outcome, Unmet
from conformance.http.assertions import need_object
from conformance.http.client import NO_BODY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Entity, World
    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.shown_entities import Scene
    from conformance.target import Target

FOREIGN_LOOKING = (
    "uuid",
    "account",
)  # names of the own system by which a run does not write unasked
# What a PATCH changes that names something in this spelling, so that one read shows what came of all.
CHANGED = {"upper": "description", "uuid": "name", "account": "tag"}


@dataclasses.dataclass(frozen=True)
class Visit:
    """One operation on something that the path names in one spelling."""

    operation: str
    model: str
    spelling: str


def patches(contract: Contract) -> Iterator[Row]:
    """Rows for changing each model by other spellings than the stored short id; at the launch a system was only @me."""
    anyhow = rule_of("System", "upper") in contract.requirements
    for spelling in ("upper", "uuid", "account") if anyhow else ("upper",):
        yield row_of(contract, Visit("updateSystem", "System", spelling))
    for model in ("Member", "Group"):
        for spelling in ("upper", "uuid"):
            yield row_of(contract, Visit(f"update{model}", model, spelling))


def row_of(contract: Contract, visit: Visit) -> Row:
    """Return the row of a visit, with what it breaks to refuse it or to take its caller for another."""
    rules = (rule_of(visit.model, visit.spelling), *of_owner(visit), *_of_system(contract, visit))
    return Row(visit, f"{visit.operation}-{visit.spelling}", rules)


def _of_system(contract: Contract, visit: Visit) -> tuple[str, ...]:
    """Return the requirement that what is read alone names its system, where the revision has it."""
    rule = f"{visit.model.lower()}-system-key"
    alone = visit.operation == f"get{visit.model}"
    return (rule,) if alone and rule in contract.requirements else ()


def of_owner(visit: Visit) -> tuple[str, ...]:
    """Return what is broken when the owner is not known as such, for spellings that all revisions accept."""
    if not visit.operation.startswith("get") or visit.spelling.endswith(("upper", "dashed")):
        return ()
    settings = visit.operation == "getSystemSettings"
    return ("get-settings-owner" if settings else "privacy-object-shown-to-owner",)


class Visits:
    """Sends each visit once, the PATCHes before the reads."""

    def __init__(self, world: World, target: Target, circle: Scene, bare: Scene) -> None:
        """Take the entities to visit; the switch is that of `bare`."""
        self.world, self._bare, self._circle = world, bare, circle
        system = world.snapshot.system
        account = target.fixtures.get("account_id")
        self.addresses = {
            "System": Address("System", world.system_id, str(system.get("uuid") or ""), account),
            "Member": _address("Member", circle.members[0]),
            "Group": _address("Group", circle.groups[0]),
        }
        self._answers: dict[Visit, Exchange | Outcome] = {}
        self._alone: dict[str, Exchange] = {}

    def answer(self, visit: Visit) -> Exchange:
        """Return the answer to a visit; a PATCH sets a key of its own."""
        if visit.operation == f"update{visit.model}":
            self.alone(visit.model)
        return self._send(visit)

    def _send(self, visit: Visit) -> Exchange:
        if visit not in self._answers:
            refs = self.addresses[visit.model].refs(visit.spelling)
            if visit.spelling in FOREIGN_LOOKING and visit.operation.startswith("updateSystem"):
                self._make_sure(visit.spelling)
            if visit.operation == "getSwitch":
                refs["switchId"] = self._switch()
            body = self._body(visit.operation, visit.spelling)
            if visit.operation.startswith("update"):
                self.world.will_change(visit.operation)
            try:
                self._answers[visit] = self.world.owner.send(visit.operation, refs, json=body)
            except Outcome as problem:  # sent again it would be later than what was read after it
                self._answers[visit] = problem
        found = self._answers[visit]
        if isinstance(found, Outcome):
            raise found
        return found

    def alone(self, model: str) -> Exchange:
        """Return how one of a kind is read alone, by its short id, right after it was changed by other names."""
        if model not in self._alone:
            for row in patches(self.world.contract):
                if row.value.model == model:
                    with contextlib.suppress(Outcome):  # that is for the check of the change
                        self._send(row.value)
            visit = Visit(f"get{model}", model, "short")
            self._answers.pop(visit, None)
            self._alone[model] = self.answer(visit)
        return self._alone[model]

    def _make_sure(self, spelling: str) -> None:
        """Let the system be written to under a name, if it is the one that the name leads to."""
        exchange = self.answer(Visit("getSystem", "System", spelling))
        if need_object(exchange).get("id") != self.world.system_id:
            reason = f"{exchange.label} did not show the system under test"
            raise Unmet(reason, exchange)
        self.world.owner.client.guard.allow(self.addresses["System"].spelled(spelling))

    def _body(self, operation: str, spelling: str) -> object:
        """Return a new name, or what leaves everything as it is when all of `other_writes` is done."""
        if operation == "updateSystemSettings":
            settings = need_object(self.answer(Visit("getSystemSettings", "System", "short")))
            return {"pings_enabled": settings.get("pings_enabled")}
        if operation.startswith("overwrite"):
            return []
        if operation.endswith("GroupMembers") and not operation.startswith("get"):
            return [self._circle.members[1].id]
        if operation.endswith("MemberGroups") and not operation.startswith("get"):
            return [self._bare.groups[0].id]
        return {CHANGED[spelling]: self.world.name()} if operation.startswith("update") else NO_BODY

    def _switch(self) -> str:
        if self._bare.switch is None:
            raise self._bare.trouble["getSwitch"]
        return self._bare.switch.id


def _address(model: str, entity: Entity) -> Address:
    return Address(model, entity.id, entity.uuid)


@pytest.fixture(scope="session")
def visits(world: World, target: Target, circle: Scene, bare: Scene) -> Visits:
    """What the checks of ids and of their spellings look at."""
    return Visits(world, target, circle, bare)
