"""The rows that the server keeps: systems and everything that belongs to them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from conformance.reference.models import Kind


@dataclass(eq=False)
class Row:
    """Values by response key, ready for JSON, with the privacy that covers them."""

    kind: Kind
    fields: dict[str, Any]
    privacy: dict[str, str]

    @classmethod
    def blank(cls, kind: Kind) -> Row:
        """Return a row of a kind that needs no ids, with every value at its default."""
        return cls(kind, kind.defaults(), kind.open_privacy())


@dataclass(eq=False)
class Entity(Row, ABC):
    """A row with a short id and a UUID."""

    @property
    def short_id(self) -> str:
        """The short id, unique among rows of the kind."""
        return str(self.fields["id"])

    @property
    def uuid(self) -> str:
        """The UUID, unique among all rows."""
        return str(self.fields["uuid"])

    @property
    @abstractmethod
    def owner(self) -> System:
        """The system that owns the row."""


@dataclass(eq=False)
class System(Entity):
    """A system with its members, groups, switches and settings."""

    token: str
    accounts: list[str]
    settings: Row
    guilds: dict[str, Row] = field(default_factory=dict)
    autoproxy: dict[str, Row] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    switches: list[Switch] = field(default_factory=list)
    """Oldest first."""
    seen_guild: str | None = None
    """Sandbox rule: each new member counts as seen in this guild, so it gets settings there."""

    @property
    def owner(self) -> System:
        """The system itself."""
        return self


@dataclass(eq=False)
class Owned(Entity):
    """A row of a system."""

    system: System

    @property
    def owner(self) -> System:
        """The system of the row."""
        return self.system


@dataclass(eq=False)
class Member(Owned):
    """A member, with its settings by guild id."""

    guilds: dict[str, Row] = field(default_factory=dict)


@dataclass(eq=False)
class Group(Owned):
    """A group, with its members by UUID."""

    members: dict[str, Member] = field(default_factory=dict)


@dataclass(eq=False)
class Switch:
    """A change of fronters; without members nobody fronts from then on."""

    uuid: str
    timestamp: datetime
    members: list[Member]
    system: System


@dataclass(eq=False)
class Message:
    """A proxied Discord message; the member is None once it was deleted."""

    fields: dict[str, str]
    member: Member | None
