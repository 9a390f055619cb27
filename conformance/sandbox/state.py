"""Everything that a server remembers as plain values that JSON can hold, and back.

How they are kept in a file is in `saving`; which of them changed, in `changes`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference import moments
from conformance.reference.entities import Group, Member, Message, Row, Switch, System
from conformance.reference.seeding import Seeded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.reference.application import Server
    from conformance.reference.models import Kind
    from conformance.reference.storage import Store

Key = tuple[str, str]
"""A kind and an id."""
Record = tuple[Key, Any]
"""A key and its values, which are those of the server itself: to keep them, copy them."""

_KINDS = ("system", "member", "group", "switch", "message", "ids", "seeded")
"""In this order, each refers only to those before."""


def records(server: Server) -> Iterator[Record]:
    """Return everything, in an order in which `restore` makes the same lists of it."""
    store = server.store
    systems = list(dict.fromkeys(store.tokens.values()))
    for system in systems:
        yield ("system", system.uuid), _of_system(system)
    for system in systems:
        for member in system.members.values():
            yield ("member", member.uuid), _of_member(member)
        for group in system.groups.values():
            yield ("group", group.uuid), _of_group(group)
        for switch in system.switches:
            yield ("switch", switch.uuid), _of_switch(switch)
    for id_, message in store.messages.items():
        uuid = message.member.uuid if message.member else None
        yield ("message", id_), {"fields": message.fields, "member": uuid}
    yield ("ids", "state"), store.identities.state
    yield ("seeded", "ids"), _of_seeded(server.seeded)


def restore(server: Server, found: Iterable[Record]) -> None:
    """Let a server remember this and nothing else."""
    server.store.clear()
    by_kind: dict[str, list[tuple[str, Any]]] = {kind: [] for kind in _KINDS}
    for (kind, id_), value in found:
        by_kind[kind].append((id_, value))
    restorer = _Restorer(server)
    for kind in _KINDS:
        for id_, value in by_kind[kind]:
            getattr(restorer, kind)(id_, value)


def _of_system(system: System) -> dict[str, Any]:
    return _of_row(system) | {
        "token": system.token,
        "accounts": system.accounts,
        "settings": system.settings.fields,
        "guilds": _of_rows(system.guilds),
        "autoproxy": _of_rows(system.autoproxy),
        "seen_guild": system.seen_guild,
    }


def _of_member(member: Member) -> dict[str, Any]:
    guilds = _of_rows(member.guilds)
    return _of_row(member) | {"system": member.system.uuid, "guilds": guilds}


def _of_group(group: Group) -> dict[str, Any]:
    return _of_row(group) | {"system": group.system.uuid, "members": list(group.members)}


def _of_switch(switch: Switch) -> dict[str, Any]:
    return {
        "system": switch.system.uuid,
        "timestamp": moments.show(switch.timestamp),
        "members": [member.uuid for member in switch.members],
    }


def _of_seeded(seeded: Seeded) -> dict[str, Any]:
    systems = {"first": seeded.first.uuid, "second": seeded.second.uuid}
    return vars(seeded) | systems


def _of_row(row: Row) -> dict[str, Any]:
    return {"fields": row.fields, "privacy": row.privacy}


def _of_rows(rows: dict[str, Row]) -> dict[str, Any]:
    return {id_: row.fields for id_, row in rows.items()}


class _Restorer:
    """Makes the entities of each kind; a method for each."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._store: Store = server.store
        self._models = server.store.models

    def system(self, id_: str, value: dict[str, Any]) -> None:
        """Make a system."""
        del id_
        kinds = self._models
        self._store.keep_system(
            System(
                kinds.system,
                value["fields"],
                value["privacy"],
                value["token"],
                value["accounts"],
                Row(kinds.settings, value["settings"], {}),
                guilds=_rows(kinds.system_guild, value["guilds"]),
                autoproxy=_rows(kinds.autoproxy, value["autoproxy"]),
                seen_guild=value["seen_guild"],
            )
        )

    def member(self, id_: str, value: dict[str, Any]) -> None:
        """Make a member."""
        del id_
        kind, guilds = self._models.member, _rows(self._models.member_guild, value["guilds"])
        system = self._system(value["system"])
        self._store.keep_member(Member(kind, value["fields"], value["privacy"], system, guilds))

    def group(self, id_: str, value: dict[str, Any]) -> None:
        """Make a group."""
        del id_
        system = self._system(value["system"])
        members = {uuid: self._member(uuid) for uuid in value["members"]}
        kind = self._models.group
        self._store.keep_group(Group(kind, value["fields"], value["privacy"], system, members))

    def switch(self, id_: str, value: dict[str, Any]) -> None:
        """Make a switch."""
        system = self._system(value["system"])
        timestamp = moments.read(value["timestamp"])
        assert timestamp  # noqa: S101 as `records` showed it
        members = [self._member(uuid) for uuid in value["members"]]
        self._store.keep_switch(Switch(id_, timestamp, members, system))

    def message(self, id_: str, value: dict[str, Any]) -> None:
        """Make a message."""
        del id_
        member = self._store.members.find(value["member"] or "")
        self._store.add_message(Message(value["fields"], member))

    def ids(self, id_: str, value: list[Any]) -> None:
        """Let the ids to come be those that would have come."""
        del id_
        version, numbers, following = value
        self._store.identities.state = (version, tuple(numbers), following)

    def seeded(self, id_: str, value: dict[str, Any]) -> None:
        """Let the server know which of its systems is the first."""
        del id_
        systems = {key: self._system(value[key]) for key in ("first", "second")}
        self._server.seeded = Seeded(**value | systems)

    def _system(self, uuid: str) -> System:
        system = self._store.systems.find(uuid)
        assert system  # noqa: S101 systems are made first
        return system

    def _member(self, uuid: str) -> Member:
        member = self._store.members.find(uuid)
        assert member  # noqa: S101 members are made before what lists them
        return member


def _rows(kind: Kind, found: dict[str, Any]) -> dict[str, Row]:
    return {id_: Row(kind, fields, {}) for id_, fields in found.items()}
