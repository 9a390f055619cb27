"""The two sides of a membership, and the requests that are sent on each of them, one after the other.

What a request did is seen in a list that is read after it. What it should have done is said in `memberships`.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING

from conformance.account.refs import ID_FORMATS, Address, rule_of
from conformance.http import Outcome
from conformance.http.assertions import need_list

if TYPE_CHECKING:
    from conformance.account import Account, Entity
    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.shown_entities import ShownEntities

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

    def reveals(self, before: set[int]) -> bool:
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


# After this step two of the three belong there: what a rejected list may not change.
REJECTED_AFTER = "overwrite"
# Whom the rejected lists name beside an entry that names nothing: one who would come, or go.
BESIDE = {"add": 2, "overwrite": 2, "remove": 0}
# The last request names each of the three in another id format.
FORMATTED = ("upper", "capitals", "upper-uuid")
ID_FORMAT_REQUIREMENTS = ("id-accepted-uppercase", "id-accepted-with-dash")


@dataclasses.dataclass
class Rejection:
    """What became of a list with an entry that names nothing: who was there before, and the list after it."""

    ref: str
    before: set[int]
    response: Exchange
    after: Exchange


@dataclasses.dataclass
class Done:
    """What one step did: who was there before, its response, and the lists after it."""

    before: set[int]
    response: Exchange
    after: Exchange
    mirror: Exchange | None


def turns(contract: Contract, side: str) -> list[str]:
    """Return the id formats by which the path of a list names whose it is, as far as the revision has them."""
    return [name for name in ID_FORMATS if rule_of(side, name) in contract.requirements]


def shows(exchange: Exchange, entity: Entity) -> bool:
    """Whether a list shows an entity; one of its ids is enough to tell."""
    rows = [row for row in need_list(exchange) if isinstance(row, dict)]
    return any(row.get("id") == entity.id or row.get("uuid") == entity.uuid for row in rows)


class Sides:
    """Takes the steps on both sides, once each."""

    def __init__(self, account: Account, separate_entities: ShownEntities) -> None:
        """Take three members and three groups; the second group and the third member are in nothing."""
        self.account, self.separate_entities = account, separate_entities
        self._done: dict[tuple[str, Step], Done | Outcome] = {}
        self._rejected: dict[tuple[str, str], Rejection] = {}
        self._in_format: dict[str, tuple[Exchange, Exchange]] = {}
        self._unfound: dict[str, list[tuple[str, Exchange]]] = {side: [] for side in SIDES}
        self._turns = {side: itertools.cycle(turns(account.contract, side)) for side in SIDES}

    def hub(self, side: str) -> Entity:
        """Return whom the path names."""
        return (
            self.separate_entities.groups[1]
            if side == "Group"
            else self.separate_entities.members[2]
        )

    def listed(self, side: str) -> list[Entity]:
        """Return whom the bodies list."""
        return self.separate_entities.members if side == "Group" else self.separate_entities.groups

    def done(self, side: str, step: Step) -> Done:
        """Return what the step did."""
        if (side, step) not in self._done:
            for each in SIDES:  # always in this order: what one leaves behind, the other sees
                self._take_all(each)
        found = self._done[side, step]
        if isinstance(found, Outcome):
            raise found
        return found

    def rejected(self, side: str, verb: str) -> Rejection:
        """Return what became of a list with an entry that names nothing."""
        last = next(step for step in STEPS if step.name == REJECTED_AFTER)
        self.done(side, last)
        return self._rejected[side, verb]

    def shown(self, side: str, exchange: Exchange) -> set[int]:
        """Return which of the listed entities a response shows."""
        return {n for n, entity in enumerate(self.listed(side)) if shows(exchange, entity)}

    def send(self, side: str, verb: str, refs: list[str]) -> Exchange:
        """Send one list."""
        return self.account.owner.send(verb + SIDES[side][0], self.hub(side).refs, json=refs)

    def lacking(self, side: str, id_format: str) -> list[Exchange]:
        """Return the reads by an id format of the path that found nothing, where the short id did."""
        self.in_format(side)
        return [response for name, response in self._unfound[side] if name == id_format]

    def read(self, side: str) -> Exchange:
        """Read who belongs there, by another id format of the path each time; by the short id where that finds nothing."""
        operation, hub = SIDES[side][3], self.hub(side)
        address = Address(side, hub.id, hub.uuid)
        try:
            id_format = next(self._turns[side])
            refs = address.refs(id_format)
        except Outcome:  # the ids of some servers have no place for a dash
            id_format, refs = "short", hub.refs
        exchange = self.account.owner.send(operation, refs)
        if exchange.ok or id_format == "short":
            return exchange
        plain = self.account.owner.send(operation, hub.refs)
        if plain.ok:
            self._unfound[side].append((id_format, exchange))
        return plain

    def _take_all(self, side: str) -> None:
        before: set[int] = set()
        for step in STEPS:
            try:
                done = self._take(side, step, before)
                before = self.shown(side, done.after)
                if step.name == REJECTED_AFTER:
                    before = self._be_rejected(side, before)
                self._done[side, step] = done
            except Outcome as problem:
                self._done.setdefault((side, step), problem)
                rest = STEPS[STEPS.index(step) + 1 :]
                self._done.update({(side, later): problem for later in rest})
                return

    def _be_rejected(self, side: str, before: set[int]) -> set[int]:
        """Send lists that must be rejected; return who is there after all of them."""
        for verb in VERBS:
            ref = self.account.unknown_id() if verb in BY_ID else self.account.unknown_uuid()
            known = self.listed(side)[BESIDE[verb]].id
            response = self.send(side, verb, [known, ref])
            after = self.read(side)
            self._rejected[side, verb] = Rejection(ref, before, response, after)
            before = self.shown(side, after)
        return before

    def in_format(self, side: str) -> tuple[Exchange, Exchange]:
        """Return the response to a list of unusual id formats, and the list after it; all steps are taken before."""
        self.done(side, STEPS[-1])
        if side not in self._in_format:
            refs = [in_format(entity, n) for n, entity in enumerate(self.listed(side))]
            response = self.send(side, "overwrite", refs)
            after = self.read(side)
            self._in_format[side] = response, after
        return self._in_format[side]

    def _take(self, side: str, step: Step, before: set[int]) -> Done:
        entities, send = self.listed(side), self.account.owner.send
        refs = [entities[n].uuid for n in step.by_uuid] + [entities[n].id for n in step.short]
        response = self.send(side, step.verb, refs)
        there, after = SIDES[side][4], self.read(side)
        mirror = send(there, entities[SEEN].refs) if step.mirrored else None
        return Done(before, response, after, mirror)


def in_format(entity: Entity, number: int) -> str:
    """Return one of the ids of the n-th listed entity in its id format; upper case, where there is no place for a dash."""
    address = Address(entity.kind.capitalize(), entity.id, entity.uuid)
    try:
        return address.in_format(FORMATTED[number])
    except Outcome:
        return address.in_format("upper")
