"""Requests that write, with valid bodies, and the read that shows whether they were carried out.

Checks that send writes which must be refused (without a token, with a wrong Content-Type) take them from here.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.wire import NotApplicable, Outcome
from conformance.wire.expectation import expect, need_success, same

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract import Contract, Operation
    from conformance.target import Target
    from conformance.wire import Exchange
    from conformance.world import Entity, World

# Which read shows what a write did.
SHOWN_BY = {
    "createMember": "getSystemMembers",
    "createGroup": "getSystemGroups",
    "createSwitch": "getSystemSwitches",
    "addMemberGroups": "getMemberGroups",
    "removeMemberGroups": "getMemberGroups",
    "overwriteMemberGroups": "getMemberGroups",
    "addGroupMembers": "getGroupMembers",
    "removeGroupMembers": "getGroupMembers",
    "overwriteGroupMembers": "getGroupMembers",
    "updateSwitchMembers": "getSwitch",
}


@dataclasses.dataclass(frozen=True)
class Write:
    """One request that would change something."""

    operation: str
    refs: dict[str, str]
    body: Any
    kind: str | None  # what it creates


@dataclasses.dataclass(frozen=True)
class Read:
    """The request that shows whether a write was carried out."""

    operation: str
    refs: tuple[tuple[str, str], ...]


class Writes:
    """Makes the writes. The entities they aim at are its own: a server that carries them out harms nobody else."""

    def __init__(self, world: World, contract: Contract, target: Target) -> None:
        """Take the world; nothing is sent before the first write is asked for."""
        self.world, self.contract, self.target = world, contract, target
        self._made: dict[str, Entity | Outcome] = {}
        self._seen: dict[Read, Any] = {}
        self._second = world.random.randrange(10, 60)  # of the switches that must not be made

    def write(self, operation: Operation) -> Write:
        """Return a valid request for the operation.

        Raises:
            NotApplicable: it needs a fixture that the target file does not name.
            Unmet: what it aims at could not be made.

        """
        refs = self._refs(operation)
        kind = (
            operation.id.removeprefix("create").lower()
            if operation.id.startswith("create")
            else None
        )
        return Write(operation.id, refs, self._body(operation), kind)

    def look(self, write: Write) -> None:
        """Remember how things are before the write, unless that is known already."""
        read = self._reader(write)
        if write.kind is None and read not in self._seen:
            self._seen[read] = self._state(need_success(self._read(read)))

    def expect_unchanged(self, write: Write) -> None:
        """What the write would have changed is as it was; what it would have created is not there."""
        read = self._reader(write)
        exchange = self._read(read)
        now = self._created(write, exchange) if write.kind else self._state(exchange)
        before = [] if write.kind else self._seen[read]
        if not write.kind:
            self._seen[read] = now
        expect(
            f"{read.operation} after a refused {write.operation}",
            holds=exchange.ok and same(before, now),
            expected=before,
            actual=now if exchange.ok else f"status {exchange.status}",
            exchange=exchange,
        )

    def adopt(self, write: Write, exchange: Exchange) -> None:
        """Take what a write created although it should not have."""
        if write.kind is not None:
            self.world.adopt(write.kind, {}, exchange)

    def _entity(self, name: str, make: Callable[[], Entity]) -> Entity:
        if name not in self._made:
            try:
                self._made[name] = make()
            except Outcome as problem:
                self._made[name] = problem
        made = self._made[name]
        if isinstance(made, Outcome):
            raise made
        return made

    def _member(self) -> Entity:
        return self._entity("member", self.world.member)

    def _group(self) -> Entity:
        return self._entity("group", self.world.group)

    def _switch(self) -> Entity:
        return self._entity("switch", lambda: self.world.switch(self._member()))

    def _refs(self, operation: Operation) -> dict[str, str]:
        refs = {name: self._ref(name) for name in self._parameters(operation)}
        if operation.method == "DELETE":
            # What it aims at is needed for nothing else: a server may delete it after all.
            kind = operation.id.removeprefix("delete").lower()
            make = {
                "member": self.world.member,
                "group": self.world.group,
                "switch": self.world.switch,
            }
            refs[f"{kind}Id"] = self._entity(operation.id, make[kind]).id
        return refs

    def _ref(self, name: str) -> str:
        if name == "guildId":
            return self._guild()
        if name == "systemId":
            return "@me"
        made = {"memberId": self._member, "groupId": self._group, "switchId": self._switch}
        return made[name]().id

    def _guild(self) -> str:
        guild = self.target.fixtures.get("guild_id")
        if guild is None:
            reason = "needs guild_id in [fixtures] of the target file"
            raise NotApplicable(reason)
        return guild

    @staticmethod
    def _parameters(operation: Operation) -> list[str]:
        parts = operation.path.split("/")
        return [part[1:-1] for part in parts if part.startswith("{")]

    def _body(self, operation: Operation) -> Any:
        if operation.request_schema is None:
            return None
        if operation.id.endswith("MemberGroups"):
            return [self._group().id]
        if operation.id.endswith("GroupMembers"):
            return [self._member().id]
        bodies: dict[str, Any] = {
            "createMember": {"name": self.world.name()},
            "createGroup": {"name": self.world.name()},
            "createSwitch": {"members": [], "timestamp": f"2020-05-06T07:08:{self._second}Z"},
            "updateSwitch": {"timestamp": "2020-05-06T07:09:10Z"},
            "updateSwitchMembers": [],
            "updateSystemSettings": {"latch_timeout": 4321},
            "updateSystemGuildSettings": {"display_name": "changed"},
            "updateMemberGuildSettings": {"display_name": "changed"},
            "updateAutoproxy": {"autoproxy_mode": "latch"},
        }
        return bodies.get(operation.id, {"description": "changed by a refused request"})

    def _reader(self, write: Write) -> Read:
        name = write.operation.replace("update", "get").replace("delete", "get")
        operation = self.contract.operations[SHOWN_BY.get(write.operation, name)]
        refs = {
            name: write.refs.get(name) or self._ref(name) for name in self._parameters(operation)
        }
        return Read(operation.id, tuple(refs.items()))

    def _read(self, read: Read) -> Exchange:
        operation = self.contract.operations[read.operation]
        return self.world.owner.send(read.operation, dict(read.refs), query=self.query(operation))

    def query(self, operation: Operation) -> dict[str, str] | None:
        """Return the query that the operation needs: autoproxy belongs to a guild."""
        return {"guild_id": self._guild()} if operation.id.endswith("Autoproxy") else None

    @staticmethod
    def _created(write: Write, exchange: Exchange) -> list[Any]:
        """Return the rows of a list that the write made, known by what it sent."""
        key = "timestamp" if write.kind == "switch" else "name"
        mark = write.body[key].removesuffix("Z")
        rows = exchange.json if isinstance(exchange.json, list) else []
        return [row for row in rows if isinstance(row, dict) and str(row.get(key)).startswith(mark)]

    @staticmethod
    def _state(exchange: Exchange) -> Any:
        """Reduce a list to the set of its ids: its order, and what else is in it, does not matter here."""
        body = exchange.json
        if isinstance(body, list):
            return sorted(str(row.get("id")) for row in body if isinstance(row, dict))
        return body
