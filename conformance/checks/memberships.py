"""Memberships: adding, removing and overwriting, from the side of the group and of the member (docs: endpoints#groups, #members).

Each side takes the same steps, one after the other. What a step did is seen in a list that is read after it.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import Row, changes_system, each, requirement
from conformance.wire import Outcome, Unmet
from conformance.wire.expectation import (
    expect,
    expect_error_object,
    expect_status,
    need_list,
)
from conformance.wire.outcomes import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.checks.scenes import Scene
    from conformance.contract import Contract
    from conformance.wire import Exchange
    from conformance.world import Entity, World

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
UNFOUND = (20002, 20003, 20004, 20005)  # codes of a ref that names nothing
UNKNOWN_LISTED = {"Group": 20003, "Member": 20005}
UPSTREAM_ADD = (
    20004  # what PluralKit's own server says of an unknown group that a member is added to
)
HTTP_NOT_FOUND = 404
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


@dataclasses.dataclass
class Done:
    """What one step did: who was there before, its answer, and the lists after it."""

    before: set[int]
    answer: Exchange
    after: Exchange
    mirror: Exchange | None


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

    def hub(self, side: str) -> Entity:
        """Return whom the path names."""
        return self.circle.groups[1] if side == "Group" else self.circle.members[2]

    def listed(self, side: str) -> list[Entity]:
        """Return whom the bodies list."""
        return self.circle.members if side == "Group" else self.circle.groups

    def done(self, side: str, step: Step) -> Done:
        """Return what the step did."""
        if (side, step) not in self._done:
            self._take_all(side)
        found = self._done[side, step]
        if isinstance(found, Outcome):
            raise found
        return found

    def shown(self, side: str, exchange: Exchange) -> set[int]:
        """Return which of the listed entities an answer shows."""
        return {n for n, entity in enumerate(self.listed(side)) if shows(exchange, entity)}

    def send(self, side: str, verb: str, refs: list[str]) -> Exchange:
        """Send one list."""
        return self.world.owner.send(verb + SIDES[side][0], self.hub(side).refs, json=refs)

    def _take_all(self, side: str) -> None:
        before: set[int] = set()
        for step in STEPS:
            try:
                done = self._take(side, step, before)
                self._done[side, step] = done
                before = self.shown(side, done.after)
            except Outcome as problem:
                self._done.setdefault((side, step), problem)
                rest = STEPS[STEPS.index(step) + 1 :]
                self._done.update({(side, later): problem for later in rest})
                return

    def _take(self, side: str, step: Step, before: set[int]) -> Done:
        entities, send = self.listed(side), self.world.owner.send
        refs = [entities[n].uuid for n in step.by_uuid] + [entities[n].id for n in step.short]
        answer = self.send(side, step.verb, refs)
        here, there = SIDES[side][3:]
        after = send(here, self.hub(side).refs)
        mirror = send(there, entities[SEEN].refs) if step.mirrored else None
        return Done(before, answer, after, mirror)


def code_of(exchange: Exchange) -> Any:
    """Return the code of an error object, if it is one."""
    return exchange.json.get("code") if isinstance(exchange.json, dict) else None


@pytest.fixture(scope="session")
def sides(world: World, circle: Scene) -> Sides:
    """What all checks of this module look at."""
    return Sides(world, circle)


def answered(_: Contract) -> Iterator[Row]:
    """Rows for each step of each side, with what the docs say of its answer."""
    return _rows("204")


def effective(_: Contract) -> Iterator[Row]:
    """Rows for each step of each side, with what the docs say of its effect."""
    return _rows("takes-effect")


def _rows(what: str) -> Iterator[Row]:
    for side in SIDES:
        for step in STEPS:
            rules = (_rule(side, step, what), *_special(side, step))
            yield Row((side, step), f"{SIDES[side][1]}-{step.name}", rules)


def _rule(side: str, step: Step, what: str) -> str:
    return f"{step.verb}-{SIDES[side][1]}-{what}"


def _special(side: str, step: Step) -> tuple[str, ...]:
    """Return the requirement that is about such a list alone."""
    if not step.listed:
        return (_rule(side, step, "empty"),)
    return (SIDES[side][2],) if step.by_uuid else ()


def mirrored(_: Contract) -> Iterator[Row]:
    """Rows for the steps after which both sides are read."""
    for side in SIDES:
        for step in STEPS:
            if step.mirrored:
                yield Row((side, step), f"{SIDES[side][1]}-{step.name}")


@changes_system
@each("case", answered)
def check_request_is_204(case: tuple[str, Step], sides: Sides) -> None:
    """A list of short ids and UUIDs, for some of which there is nothing to do, is answered 204."""
    side, step = case
    answer = sides.done(side, step).answer
    special = _special(side, step)
    if answer.ok or (step.by_uuid and code_of(answer) not in UNFOUND):
        special = ()
    expect_status(answer, 204, breaks=special or (_rule(side, step, "204"),))


@changes_system
@each("case", effective)
def check_request_takes_effect(case: tuple[str, Step], sides: Sides) -> None:
    """After the request those belong there that should, and no others."""
    side, step = case
    done = sides.done(side, step)
    if not done.answer.ok or not step.tells(done.before):
        reason = f"{done.answer.label} was refused, or had nothing to do"
        raise Unmet(reason, done.answer)
    wanted, shown = step.result(done.before), sides.shown(side, done.after)
    wrong = wanted ^ shown
    special = _special(side, step) if wrong <= set(step.by_uuid) or not step.listed else ()
    names = [entity.id for entity in sides.listed(side)]
    expect(
        f"{SIDES[side][1]} after {step.verb}",
        holds=not wrong,
        expected=[names[n] for n in sorted(wanted)],
        actual=[names[n] for n in sorted(shown)],
        exchange=done.after,
        breaks=special or (_rule(side, step, "takes-effect"),),
    )


@changes_system
@requirement("membership-symmetric")
@each("case", mirrored)
def check_both_sides_agree(case: tuple[str, Step], sides: Sides) -> None:
    """A member shows a group if, and only if, the group shows the member."""
    side, step = case
    done = sides.done(side, step)
    assert done.mirror is not None  # the table has no other steps
    here = SEEN in sides.shown(side, done.after)
    there = shows(done.mirror, sides.hub(side))
    expect(
        f"membership as {done.mirror.label} shows it",
        holds=here == there,
        expected=here,
        actual=there,
        exchange=done.mirror,
    )


def unknown_lists(_: Contract) -> Iterator[Row]:
    """Rows for each request with an entry that names nothing."""
    for side, code in UNKNOWN_LISTED.items():
        for verb in VERBS:
            yield Row((side, verb), verb + SIDES[side][0], (f"err-{code}",))


def named(_: Contract) -> Iterator[Row]:
    """The same rows, for the message."""
    return (Row(row.value, row.id) for row in unknown_lists(_))


class Refusals:
    """Sends each list with an entry that names nothing, once."""

    def __init__(self, sides: Sides) -> None:
        """Take the sides, on which all steps are taken first."""
        self.sides = sides
        self._of: dict[tuple[str, str], tuple[str, Exchange]] = {}

    def of(self, case: tuple[str, str]) -> tuple[str, Exchange]:
        """Return the entry that names nothing, and the answer."""
        if case not in self._of:
            side, verb = case
            ref = self.sides.world.unknown_uuid()
            known = self.sides.listed(side)[0].id
            self._of[case] = ref, self.sides.send(side, verb, [known, ref])
        return self._of[case]


@pytest.fixture(scope="session")
def refusals(sides: Sides) -> Refusals:
    """What the checks of unknown entries look at."""
    return Refusals(sides)


@changes_system
@each("case", unknown_lists)
def check_unknown_entry_is_404(case: tuple[str, str], refusals: Refusals) -> None:
    """A list with an entry that names nothing is answered 404 with the code of listed entries."""
    _, exchange = refusals.of(case)
    expect_status(exchange, HTTP_NOT_FOUND)
    expect_error_object(exchange)
    expect(
        f"code of {exchange.label}",
        holds=code_of(exchange) == UNKNOWN_LISTED[case[0]],
        expected=UNKNOWN_LISTED[case[0]],
        actual=code_of(exchange),
        exchange=exchange,
        as_upstream=case == ("Member", "add") and code_of(exchange) == UPSTREAM_ADD,
    )


@changes_system
@requirement("listed-ref-named-in-message")
@each("case", named)
def check_message_names_entry(case: tuple[str, str], refusals: Refusals) -> None:
    """The message of the refusal names the entry."""
    ref, exchange = refusals.of(case)
    if exchange.status != HTTP_NOT_FOUND or not isinstance(exchange.json, dict):
        reason = f"{exchange.label} was not answered 404 with an error object"
        raise Unmet(reason, exchange)
    message = str(exchange.json.get("message"))
    expect(
        f"message of {exchange.label}",
        holds=ref in message.lower(),
        expected=Wording(f"a text with {ref}"),
        actual=message,
        exchange=exchange,
        as_upstream=case == ("Member", "add") and code_of(exchange) == UPSTREAM_ADD,
    )
