"""Scenes: entities that belong together, and every place of the API in which they show.

A scene is arranged once and looked at by many checks. What it read is kept, so one exchange proves many things.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from conformance.account.refs import Address
from conformance.http import Outcome, Unmet
from conformance.http.assertions import described, need_list, need_object

if TYPE_CHECKING:
    from conformance.account import Entity, World
    from conformance.http import Caller, Exchange
    from conformance.scenarios.private_entities import Gallery

# Operations whose answers show a model, other than those that create or change it.
PLACES = {
    "System": ("getSystem",),
    "Member": ("getMember", "getSystemMembers", "getGroupMembers", "getFronters", "getSwitch"),
    "Group": ("getGroup", "getSystemGroups", "getMemberGroups"),
}
# The same list of groups by another request; a place may have a query.
WITH_MEMBERS = "getSystemGroups?with_members=true"


@dataclasses.dataclass
class Scene:
    """Members and groups that all belong together, and a switch of all the members.

    The first member is in every group, the first group has every member. `account` is the Discord account that is
    linked to the system, if it is known.
    """

    world: World
    members: list[Entity]
    groups: list[Entity]
    switch: Entity | None = None
    account: str | None = None
    trouble: dict[str, Unmet] = dataclasses.field(default_factory=dict)
    _read: dict[tuple[str, str, str], Exchange] = dataclasses.field(default_factory=dict)

    def arrange(self) -> Scene:
        """Put the members into the groups and log the switch; what fails is told where it is needed."""
        owner = self.world.owner
        try:
            self.switch = self.world.switch(*self.members)
        except Unmet as problem:
            self.trouble.update(getFronters=problem, getSwitch=problem)
        first_group, first_member = self.groups[0], self.members[0]
        refs = [member.id for member in self.members]
        added = owner.send("addGroupMembers", first_group.refs, json=refs)
        self._note(added, "getGroupMembers", "getMemberGroups")
        if self.groups[1:]:
            refs = [group.id for group in self.groups[1:]]
            self._note(
                owner.send("addMemberGroups", first_member.refs, json=refs), "getMemberGroups"
            )
        return self

    def read(
        self, place: str, caller: Caller, entity: Entity | None = None, spelling: str = "short"
    ) -> Exchange:
        """Return the answer of a reading operation; it is asked for once for each caller and spelling of the path."""
        operation, _, query = place.partition("?")
        if operation in self.trouble:
            raise self.trouble[operation]
        refs = self.refs(operation, entity, spelling)
        key = (place, caller.name, str(refs))
        if key not in self._read:
            words = dict([query.split("=")]) if query else None
            self._read[key] = caller.send(operation, refs, query=words)
        return self._read[key]

    def show(
        self, place: str, caller: Caller, entity: Entity, spelling: str = "short"
    ) -> tuple[Exchange, dict[str, Any]]:
        """Return how a place shows an entity, with the exchange.

        Raises:
            Unmet: the place was not answered, or the entity is not in it.

        """
        exchange = self.read(place, caller, entity, spelling)
        if place in ("getMember", "getGroup", "getSystem"):
            return exchange, need_object(exchange)
        rows = (
            need_list(exchange) if "members" not in _object(exchange) else exchange.json["members"]
        )
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict) and {row.get("id"), row.get("uuid")} & {
                entity.id,
                entity.uuid,
            }:
                return exchange, row
        reason = f"{exchange.label} does not show {entity.kind} {entity.id}"
        raise Unmet(reason, exchange)

    def refs(
        self, operation: str, entity: Entity | None = None, spelling: str = "short"
    ) -> dict[str, str]:
        """Return the path parameters of an operation, the first of them in this spelling."""
        if operation in ("getMember", "getGroup"):
            first = (self.members if operation == "getMember" else self.groups)[0]
            return _address(entity or first).refs(spelling)
        if operation == "getGroupMembers":
            return _address(self.groups[0]).refs(spelling)
        if operation == "getMemberGroups":
            return _address(self.members[0]).refs(spelling)
        system = self.world.snapshot.system
        long_ref = str(system.get("uuid") or "")
        refs = Address("System", self.world.system_id, long_ref, self.account).refs(spelling)
        return (
            {**refs, "switchId": self.switch.id}
            if operation == "getSwitch" and self.switch
            else refs
        )

    def _note(self, exchange: Exchange, *places: str) -> None:
        if not exchange.ok:
            reason = f"{exchange.label} answered {described(exchange)}"
            self.trouble.update(dict.fromkeys(places, Unmet(reason, exchange)))


def _address(entity: Entity) -> Address:
    return Address(entity.kind.capitalize(), entity.id, entity.uuid)


def _object(exchange: Exchange) -> dict[str, Any]:
    return exchange.json if isinstance(exchange.json, dict) and exchange.ok else {}


@pytest.fixture(scope="session")
def bare(world: World, full_member: Entity, full_group: Entity) -> Scene:
    """A member and a group of which only the name is set, made after ones that have everything."""
    del full_member, full_group
    return Scene(world, [world.member()], [world.group()]).arrange()


@pytest.fixture(scope="session")
def circle(world: World) -> Scene:
    """Three members and three groups, none of them in another; they are deleted by the checks of deletion."""
    name = world.name()  # of two of them: names need not differ
    members = [world.member(name=name), world.member(name=name), world.member()]
    return Scene(world, members, [world.group() for _ in range(3)])


@pytest.fixture(scope="session")
def crowd(circle: Scene, bare: Scene, gallery: Gallery) -> Scene:
    """The circle, in a system that has more members and groups than fit on a short page of a list."""
    del bare
    with contextlib.suppress(Outcome):  # then there are fewer
        gallery.gathered()
    return circle
