"""The two sides of a membership, and the requests that are sent on each of them, one after the other.

What a request did is seen in a list that is read after it. What it should have done is said in `memberships`.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING

from conformance.account.refs import SPELLINGS, Address, rule_of
from conformance.http import Outcome
from conformance.http.assertions import need_list

if TYPE_CHECKING:
    from conformance.account import Entity, World
    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.shown_entities import Scene

# Of each side: how operations and requirements call what is listed, and the operations that read both sides.
SIDES = {
    "Group": (
        "GroupMembers",
        "group-members",
        "member-refs-by-uuid",
        "getGroupMembers",
        "getMemberGroups",
    ),
    "Member": (
        "MemberGroups",
        "member-groups",
        "group-refs-by-uuid",
        "getMemberGroups",
        "getGroupMembers",
    ),
}
VERBS = ("add", "remove", "overwrite")
BY_ID = ("remove",)  # where what names nothing looks like a short id
SEEN = 1  # of the three listed entities, the one whose own side is read as well


@dataclasses.dataclass(frozen=True)
class Step:
    """One request: the verb, and which of three entities it lists by short id and, before those, by UUID."""

    name: str
    verb: str
    short: tuple[int, ...]
    by_uuid: tuple[int, ...] = ()
    mirrored: bool = False

    @property
    def listed(self) -> set[int]:
        """The entities that the request lists."""
        return {*self.short, *self.by_uuid}

    def result(self, before: set[int]) -> set[int]:
        """Return who belongs there after the request."""
        if self.verb == "overwrite":
            return self.listed
        return before | self.listed if self.verb == "add" else before - self.listed

    def tells(self, before: set[int]) -> bool:
        """Whether something has to change, or to stay, for the request to be seen."""
        if self.verb == "overwrite":
            return bool(before - self.listed)
        return bool(self.listed - before if self.verb == "add" else self.listed & before)


STEPS = (
    Step("add", "add", (1,), (0,), mirrored=True),
    Step("add-more", "add", (1, 2)),
    Step("remove", "remove", (1,), (0,), mirrored=True),
    Step("overwrite", "overwrite", (1,), (0,)),
    Step("remove-absent", "remove", (2, 0)),
    Step("overwrite-empty", "overwrite", ()),
)


# After this step two of the three belong there: what a refused list may not change.
REFUSED_AFTER = "overwrite"
# Whom the refused lists name beside an entry that names nothing: one who would come, or go.
BESIDE = {"add": 2, "overwrite": 2, "remove": 0}
# The last request names each of the three in another spelling.
SPELLED = ("upper", "capitals", "upper-uuid")
SPELLING_RULES = ("id-accepted-uppercase", "id-accepted-with-dash")


@dataclasses.dataclass
class Refusal:
    """What became of a list with an entry that names nothing: who was there before, and the list after it."""

    ref: str
    before: set[int]
    answer: Exchange
    after: Exchange


@dataclasses.dataclass
class Done:
    """What one step did: who was there before, its answer, and the lists after it."""

    before: set[int]
    answer: Exchange
    after: Exchange
    mirror: Exchange | None


def turns(contract: Contract, side: str) -> list[str]:
    """Return the spellings by which the path of a list names whose it is, as far as the revision has them."""
    return [name for name in SPELLINGS if rule_of(side, name) in contract.requirements]


def shows(exchange: Exchange, entity: Entity) -> bool:
    """Whether a list shows an entity; one of its ids is enough to tell."""
    rows = [row for row in need_list(exchange) if isinstance(row, dict)]
    return any(row.get("id") == entity.id or row.get("uuid") == entity.uuid for row in rows)


class Sides:
    """Takes the steps on both sides, once each."""

    def __init__(self, world: World, circle: Scene) -> None:
        """Take three members and three groups; the second group and the third member are in nothing."""
        self.world, self.circle = world, circle
        self._done: dict[tuple[str, Step], Done | Outcome] = {}
        self._refused: dict[tuple[str, str], Refusal] = {}
        self._spelled: dict[str, tuple[Exchange, Exchange]] = {}
        self._unfound: dict[str, list[tuple[str, Exchange]]] = {side: [] for side in SIDES}
        self._turns = {side: itertools.cycle(turns(world.contract, side)) for side in SIDES}

    def hub(self, side: str) -> Entity:
        """Return whom the path names."""
        return self.circle.groups[1] if side == "Group" else self.circle.members[2]

    def listed(self, side: str) -> list[Entity]:
        """Return whom the bodies list."""
        return self.circle.members if side == "Group" else self.circle.groups

    def done(self, side: str, step: Step) -> Done:
        """Return what the step did."""
        if (side, step) not in self._done:
            for each in SIDES:  # always in this order: what one leaves behind, the other sees
                self._take_all(each)
        found = self._done[side, step]
        if isinstance(found, Outcome):
            raise found
        return found

    def refused(self, side: str, verb: str) -> Refusal:
        """Return what became of a list with an entry that names nothing."""
        last = next(step for step in STEPS if step.name == REFUSED_AFTER)
        self.done(side, last)
        return self._refused[side, verb]

    def shown(self, side: str, exchange: Exchange) -> set[int]:
        """Return which of the listed entities an answer shows."""
        return {n for n, entity in enumerate(self.listed(side)) if shows(exchange, entity)}

    def send(self, side: str, verb: str, refs: list[str]) -> Exchange:
        """Send one list."""
        return self.world.owner.send(verb + SIDES[side][0], self.hub(side).refs, json=refs)

    def lacking(self, side: str, spelling: str) -> list[Exchange]:
        """Return the reads by a spelling of the path that found nothing, where the short id did."""
        self.spelled(side)
        return [answer for name, answer in self._unfound[side] if name == spelling]

    def read(self, side: str) -> Exchange:
        """Read who belongs there, by another spelling of the path each time; by the short id where that finds nothing."""
        operation, hub = SIDES[side][3], self.hub(side)
        address = Address(side, hub.id, hub.uuid)
        try:
            spelling = next(self._turns[side])
            refs = address.refs(spelling)
        except Outcome:  # the ids of some servers have no place for a dash
            spelling, refs = "short", hub.refs
        exchange = self.world.owner.send(operation, refs)
        if exchange.ok or spelling == "short":
            return exchange
        plain = self.world.owner.send(operation, hub.refs)
        if plain.ok:
            self._unfound[side].append((spelling, exchange))
        return plain

    def _take_all(self, side: str) -> None:
        before: set[int] = set()
        for step in STEPS:
            try:
                done = self._take(side, step, before)
                before = self.shown(side, done.after)
                if step.name == REFUSED_AFTER:
                    before = self._be_refused(side, before)
                self._done[side, step] = done
            except Outcome as problem:
                self._done.setdefault((side, step), problem)
                rest = STEPS[STEPS.index(step) + 1 :]
                self._done.update({(side, later): problem for later in rest})
                return

    def _be_refused(self, side: str, before: set[int]) -> set[int]:
        """Send lists that must be refused; return who is there after all of them."""
        for verb in VERBS:
            ref = self.world.unknown_id() if verb in BY_ID else self.world.unknown_uuid()
            known = self.listed(side)[BESIDE[verb]].id
            answer = self.send(side, verb, [known, ref])
            after = self.read(side)
            self._refused[side, verb] = Refusal(ref, before, answer, after)
            before = self.shown(side, after)
        return before

    def spelled(self, side: str) -> tuple[Exchange, Exchange]:
        """Return the answer to a list of unusual spellings, and the list after it; all steps are taken before."""
        self.done(side, STEPS[-1])
        if side not in self._spelled:
            refs = [spell(entity, n) for n, entity in enumerate(self.listed(side))]
            answer = self.send(side, "overwrite", refs)
            after = self.read(side)
            self._spelled[side] = answer, after
        return self._spelled[side]

    def _take(self, side: str, step: Step, before: set[int]) -> Done:
        entities, send = self.listed(side), self.world.owner.send
        refs = [entities[n].uuid for n in step.by_uuid] + [entities[n].id for n in step.short]
        answer = self.send(side, step.verb, refs)
        there, after = SIDES[side][4], self.read(side)
        mirror = send(there, entities[SEEN].refs) if step.mirrored else None
        return Done(before, answer, after, mirror)


def spell(entity: Entity, number: int) -> str:
    """Return one of the ids of the n-th listed entity in its spelling; upper case, where there is no place for a dash."""
    address = Address(entity.kind.capitalize(), entity.id, entity.uuid)
    try:
        return address.spelled(SPELLED[number])
    except Outcome:
        return address.spelled("upper")
