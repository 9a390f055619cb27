"""Everything the server remembers, found by id in constant time."""

from __future__ import annotations

from bisect import bisect_left, insort
from operator import attrgetter
from typing import TYPE_CHECKING, Generic, TypeVar

from conformance.reference import moments
from conformance.reference.clock import SYSTEM
from conformance.reference.entities import Entity, Group, Member, Message, Row, Switch, System
from conformance.reference.identifiers import Identities

if TYPE_CHECKING:
    from datetime import datetime

    from conformance.reference.identifiers import ShortIds
    from conformance.reference.revision import Revision

EntityT = TypeVar("EntityT", bound=Entity)
_TIMESTAMP = attrgetter("timestamp")


class Index(Generic[EntityT]):
    """Rows of one kind under both their short id and their UUID."""

    def __init__(self, short_ids: ShortIds) -> None:
        self._short_ids = short_ids
        self._rows: dict[str, EntityT] = {}

    def __contains__(self, ref: str) -> bool:
        return ref in self._rows

    def find(self, ref: str) -> EntityT | None:
        """Return the row that a ref in any accepted id format names."""
        row = self._rows.get(ref)
        return row or self._rows.get(self._short_ids.canonical(ref) or "")

    def add(self, row: EntityT) -> None:
        """Make the row known."""
        self._rows[row.short_id] = self._rows[row.uuid] = row

    def clear(self) -> None:
        """Forget all rows."""
        self._rows.clear()

    def remove(self, row: EntityT) -> None:
        """Forget the row under every id that led to it."""
        for ref in [ref for ref, known in self._rows.items() if known is row]:
            del self._rows[ref]


class Store:
    """Systems, members, groups, switches and messages."""

    def __init__(self, seed: int, revision: Revision) -> None:
        self.models = revision.models
        self.identities = Identities(seed, revision.short_ids)
        self.systems: Index[System] = Index(revision.short_ids)
        self.members: Index[Member] = Index(revision.short_ids)
        self.groups: Index[Group] = Index(revision.short_ids)
        self.switches: dict[str, Switch] = {}
        self.tokens: dict[str, System] = {}
        self.accounts: dict[str, System] = {}
        self.messages: dict[str, Message] = {}
        self.originals: dict[str, Message] = {}
        self.clock = SYSTEM

    def now(self) -> datetime:
        """Return the current instant."""
        return moments.of_unix(self.clock.time_ns())

    def clear(self) -> None:
        """Forget everything but which ids were given."""
        for index in (self.systems, self.members, self.groups):
            index.clear()
        for rows in (self.switches, self.tokens, self.accounts, self.messages, self.originals):
            rows.clear()

    def add_system(self, name: str, account: str, created: datetime) -> System:
        """Keep a new system with a token and one linked Discord account."""
        blank = Row.blank(self.models.system)
        fields = blank.fields | self.identity(self.systems, created) | {"name": name}
        settings = Row.blank(self.models.settings)
        token = self.identities.token()
        system = System(blank.kind, fields, blank.privacy, token, [account], settings)
        self.keep_system(system)
        return system

    def keep_system(self, system: System) -> None:
        """Make a system known by its ids, its token and its accounts."""
        self.systems.add(system)
        self.tokens[system.token] = system
        self.accounts.update(dict.fromkeys(system.accounts, system))

    def add_member(self, system: System, row: Row, created: datetime | None = None) -> Member:
        """Keep a new member made of the row's values and privacy."""
        fields = row.fields | self.identity(self.members, created) | {"system": system.short_id}
        member = Member(row.kind, fields, row.privacy, system)
        if system.seen_guild:
            member.guilds[system.seen_guild] = Row.blank(self.models.member_guild)
        self.keep_member(member)
        return member

    def keep_member(self, member: Member) -> None:
        """Make a member known by its ids and to its system."""
        self.members.add(member)
        member.system.members[member.uuid] = member

    def add_group(self, system: System, row: Row, created: datetime | None = None) -> Group:
        """Keep a new group made of the row's values and privacy."""
        fields = row.fields | self.identity(self.groups, created) | {"system": system.short_id}
        group = Group(row.kind, fields, row.privacy, system)
        self.keep_group(group)
        return group

    def keep_group(self, group: Group) -> None:
        """Make a group known by its ids and to its system."""
        self.groups.add(group)
        group.system.groups[group.uuid] = group

    def add_switch(self, system: System, timestamp: datetime, members: list[Member]) -> Switch:
        """Keep a new switch in its place in time."""
        switch = Switch(self.identities.uuid(), timestamp, members, system)
        self.keep_switch(switch)
        return switch

    def keep_switch(self, switch: Switch) -> None:
        """Make a switch known by its id and, in its place in time, to its system."""
        self.switches[switch.uuid] = switch
        insort(switch.system.switches, switch, key=_TIMESTAMP)

    def add_message(self, message: Message) -> None:
        """Keep a message under its own id and that of the original."""
        self.messages[message.fields["id"]] = message
        self.originals[message.fields["original"]] = message

    def move_switch(self, switch: Switch, timestamp: datetime) -> None:
        """Give the switch another place in time."""
        switch.system.switches.remove(switch)
        switch.timestamp = timestamp
        insort(switch.system.switches, switch, key=_TIMESTAMP)

    def switch_at(self, system: System, timestamp: datetime) -> Switch | None:
        """Return the system's switch of exactly that instant."""
        place = bisect_left(system.switches, timestamp, key=_TIMESTAMP)
        found = system.switches[place : place + 1]
        return found[0] if found and found[0].timestamp == timestamp else None

    def delete_switch(self, switch: Switch) -> None:
        """Forget the switch."""
        switch.system.switches.remove(switch)
        del self.switches[switch.uuid]

    def delete_group(self, group: Group) -> None:
        """Forget the group; its members stay."""
        self.groups.remove(group)
        del group.system.groups[group.uuid]

    def delete_member(self, member: Member) -> None:
        """Forget the member, also in groups, switches, messages and autoproxy."""
        system = member.system
        self.members.remove(member)
        del system.members[member.uuid]
        for group in system.groups.values():
            group.members.pop(member.uuid, None)
        for switch in system.switches:
            switch.members = [kept for kept in switch.members if kept is not member]
        for message in self.messages.values():
            if message.member is member:
                message.member = None
        for row in (*system.autoproxy.values(), *system.guilds.values()):
            if row.fields.get("autoproxy_member") == member.short_id:
                row.fields.update(autoproxy_mode="off", autoproxy_member=None)

    def identity(self, index: Index[EntityT], created: datetime | None) -> dict[str, object]:
        """Return the ids of a new row of the index, and when it was created: now by default."""
        short_id = self.identities.short_id()
        while short_id in index:
            short_id = self.identities.short_id()
        return {
            "id": short_id,
            "uuid": self.identities.uuid(),
            "created": moments.show(created or self.now()),
        }
