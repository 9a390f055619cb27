"""Scenes: entities that belong together, and every place of the API in which they show.

A scene is arranged once and looked at by many checks. What it read is kept, so one exchange proves many things.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.wire import Unmet
from conformance.wire.expectation import described, need_list, need_object

if TYPE_CHECKING:
    from conformance.wire import Caller, Exchange
    from conformance.world import Entity, World

# Operations whose answers show a model, other than those that create or change it.
PLACES = {
    "System": ("getSystem",),
    "Member": ("getMember", "getSystemMembers", "getGroupMembers", "getFronters", "getSwitch"),
    "Group": ("getGroup", "getSystemGroups", "getMemberGroups"),
}


@dataclasses.dataclass
class Scene:
    """Members and groups that all belong together, and a switch of all the members.

    The first member is in every group, the first group has every member.
    """

    world: World
    members: list[Entity]
    groups: list[Entity]
    switch: Entity | None = None
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

    def read(self, operation: str, caller: Caller, entity: Entity | None = None) -> Exchange:
        """Return the answer of a reading operation; it is asked for once for each caller."""
        if operation in self.trouble:
            raise self.trouble[operation]
        refs = self._refs(operation, entity)
        key = (operation, caller.name, str(refs))
        if key not in self._read:
            self._read[key] = caller.send(operation, refs)
        return self._read[key]

    def show(
        self, operation: str, caller: Caller, entity: Entity
    ) -> tuple[Exchange, dict[str, Any]]:
        """Return how a place shows an entity, with the exchange.

        Raises:
            Unmet: the place was not answered, or the entity is not in it.

        """
        exchange = self.read(operation, caller, entity)
        if operation in ("getMember", "getGroup", "getSystem"):
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

    def _refs(self, operation: str, entity: Entity | None) -> dict[str, str]:
        system = {"systemId": self.world.system_id}
        if operation in ("getMember", "getGroup") and entity:
            return entity.refs
        if operation == "getGroupMembers":
            return self.groups[0].refs
        if operation == "getMemberGroups":
            return self.members[0].refs
        return (
            {**system, "switchId": self.switch.id}
            if operation == "getSwitch" and self.switch
            else system
        )

    def _note(self, exchange: Exchange, *places: str) -> None:
        if not exchange.ok:
            reason = f"{exchange.label} answered {described(exchange)}"
            self.trouble.update(dict.fromkeys(places, Unmet(reason, exchange)))


def _object(exchange: Exchange) -> dict[str, Any]:
    return exchange.json if isinstance(exchange.json, dict) and exchange.ok else {}
