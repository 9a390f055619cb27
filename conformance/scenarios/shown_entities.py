"""Entities that belong together, and every place of the API in which they show.

They are created once and read by many checks. Each read is sent once, so that one exchange serves many checks.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from conformance.account.refs import Address
from conformance.http import Outcome, PreconditionFailed
from conformance.http.assertions import described, need_list, need_object, need_success

if TYPE_CHECKING:
    from conformance.account import Account, Entity
    from conformance.http import Caller, Exchange
    from conformance.scenarios.private_entities import PrivateEntities

# Operations whose responses show a model, other than those that create or change it.
PLACES = {
    "System": ("getSystem",),
    "Member": ("getMember", "getSystemMembers", "getGroupMembers", "getFronters", "getSwitch"),
    "Group": ("getGroup", "getSystemGroups", "getMemberGroups"),
}
# The same list of groups by another request; a place may have a query.
WITH_MEMBERS = "getSystemGroups?with_members=true"


@dataclasses.dataclass
class ShownEntities:
    """Members and groups that all belong together, and a switch of all the members.

    The first member is in every group, the first group has every member. `account` is the Discord account that is
    linked to the system, if known.
    """

    account: Account
    members: list[Entity]
    groups: list[Entity]
    switch: Entity | None = None
    discord_id: str | None = None
    problems: dict[str, PreconditionFailed] = dataclasses.field(default_factory=dict)
    _read: dict[tuple[str, str, str], Exchange] = dataclasses.field(default_factory=dict)

    def arrange(self) -> ShownEntities:
        """Add the members to the groups and log the switch; what fails is reported by the checks that need it."""
        owner = self.account.owner
        try:
            self.switch = self.account.switch(*self.members)
        except PreconditionFailed as problem:
            self.problems.update(getFronters=problem, getSwitch=problem)
        first_group, first_member = self.groups[0], self.members[0]
        refs = [member.id for member in self.members]
        added = owner.send("addGroupMembers", first_group.refs, json=refs)
        self._record(added, "getGroupMembers", "getMemberGroups")
        if self.groups[1:]:
            refs = [group.id for group in self.groups[1:]]
            self._record(
                owner.send("addMemberGroups", first_member.refs, json=refs), "getMemberGroups"
            )
        return self

    def read(
        self, place: str, caller: Caller, entity: Entity | None = None, id_format: str = "short"
    ) -> Exchange:
        """Return the response of a read; it is sent once for each caller and id format of the path."""
        operation, _, query = place.partition("?")
        if operation in self.problems:
            raise self.problems[operation]
        refs = self.refs(operation, entity, id_format)
        key = (place, caller.name, str(refs))
        if key not in self._read:
            parameters = dict([query.split("=")]) if query else None
            self._read[key] = caller.send(operation, refs, query=parameters)
        return self._read[key]

    def show(
        self, place: str, caller: Caller, entity: Entity, id_format: str = "short"
    ) -> tuple[Exchange, dict[str, Any]]:
        """Return how a place shows an entity, with the exchange.

        Raises:
            PreconditionFailed: the read failed, or does not show the entity.

        """
        exchange = self.read(place, caller, entity, id_format)
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
        raise PreconditionFailed(reason, exchange)

    def refs(
        self, operation: str, entity: Entity | None = None, id_format: str = "short"
    ) -> dict[str, str]:
        """Return the path parameters of an operation, the first of them in this id format."""
        if operation in ("getMember", "getGroup"):
            first = (self.members if operation == "getMember" else self.groups)[0]
            return _address(entity or first).refs(id_format)
        if operation == "getGroupMembers":
            return _address(self.groups[0]).refs(id_format)
        if operation == "getMemberGroups":
            return _address(self.members[0]).refs(id_format)
        system = self.account.snapshot.system
        long_ref = str(system.get("uuid") or "")
        refs = Address("System", self.account.system_id, long_ref, self.discord_id).refs(id_format)
        return (
            {**refs, "switchId": self.switch.id}
            if operation == "getSwitch" and self.switch
            else refs
        )

    def _record(self, exchange: Exchange, *places: str) -> None:
        if not exchange.ok:
            reason = f"{exchange.label} returned {described(exchange)}"
            self.problems.update(dict.fromkeys(places, PreconditionFailed(reason, exchange)))


def _address(entity: Entity) -> Address:
    return Address(entity.kind.capitalize(), entity.id, entity.uuid)


def _object(exchange: Exchange) -> dict[str, Any]:
    return exchange.json if isinstance(exchange.json, dict) and exchange.ok else {}


@pytest.fixture(scope="session")
def minimal_entities(account: Account, full_member: Entity, full_group: Entity) -> ShownEntities:
    """A member and a group with nothing but a name, created after ones with a value in every key."""
    del full_member, full_group
    return ShownEntities(account, [account.member()], [account.group()]).arrange()


@pytest.fixture(scope="session")
def separate_entities(account: Account) -> ShownEntities:
    """Three members and three groups without memberships; the checks of deletion delete them."""
    name = account.name()  # of two members: names need not differ
    members = [account.member(name=name), account.member(name=name), account.member()]
    return ShownEntities(account, members, [account.group() for _ in range(3)])


@pytest.fixture(scope="session")
def listed_entities(
    separate_entities: ShownEntities,
    minimal_entities: ShownEntities,
    private_entities: PrivateEntities,
) -> ShownEntities:
    """The separate entities, in a system that has more members and groups than a short page of a list shows."""
    del minimal_entities
    with contextlib.suppress(Outcome):  # then the lists are shorter
        private_entities.arranged()
    return separate_entities


@pytest.fixture(scope="session")
def populated(separate_entities: ShownEntities) -> ShownEntities:
    """The separate entities, with two members in the first group."""
    refs = [member.id for member in separate_entities.members[:2]]
    need_success(
        separate_entities.account.owner.send(
            "addGroupMembers", separate_entities.groups[0].refs, json=refs
        )
    )
    return separate_entities
