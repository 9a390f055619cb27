"""What the tables of models are made of: keys, their limits, defaults and the privacy keys that hide them.

The tables themselves are in ``revisions``; nothing here reads a body or makes a response.
docs: models
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

OWNER_ONLY = "owner-only"
"""Used instead of a privacy key for values that only the owner sees."""

PUBLIC, PRIVATE = "public", "private"


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a model.

    ``form`` names how validation reads the value, ``limit`` counts characters, ``hidden_by``
    is the privacy key that covers the value, ``public`` is False for settings that only the
    owner sees.
    """

    key: str
    form: str = "text"
    limit: int | None = None
    nullable: bool = True
    default: object = None
    settable: bool = True
    hidden_by: str | None = None
    choices: tuple[str, ...] = ()
    public: bool = True

    @property
    def required(self) -> bool:
        """Whether a new entity cannot be without a value from the body."""
        return not self.nullable and self.default is None


@dataclass(frozen=True, eq=False)
class Kind:
    """A model: its keys in the order of the docs, and its privacy keys."""

    name: str
    fields: tuple[Field, ...]
    privacy_keys: tuple[str, ...] = ()

    @cached_property
    def settable(self) -> tuple[Field, ...]:
        """The keys a body can set."""
        return tuple(field for field in self.fields if field.settable)

    def defaults(self) -> dict[str, object]:
        """Return the default of each key."""
        return {field.key: field.default for field in self.fields}

    def open_privacy(self) -> dict[str, str]:
        """Return the privacy of a new entity: everything public."""
        return dict.fromkeys(self.privacy_keys, PUBLIC)


@dataclass(frozen=True)
class Models:
    """The models of a revision; a kind that no operation shows may have few keys or none."""

    system: Kind
    member: Kind
    group: Kind
    settings: Kind
    system_guild: Kind
    member_guild: Kind
    autoproxy: Kind
    message: tuple[str, ...]
    """The keys of a message beside system and member."""


def read_only(key: str, *, default: object = None, hidden_by: str | None = None) -> Field:
    """Return a key that no body sets."""
    return Field(key, default=default, settable=False, hidden_by=hidden_by)


def name(hidden_by: str | None = None) -> Field:
    """Return the name that each member and group must have."""
    return Field("name", limit=100, nullable=False, hidden_by=hidden_by)


def text(key: str, limit: int, hidden_by: str | None = None) -> Field:
    """Return a text key."""
    return Field(key, limit=limit, hidden_by=hidden_by)


def url(key: str, hidden_by: str | None = None) -> Field:
    """Return a key that holds the address of an image."""
    return Field(key, "url", limit=256, hidden_by=hidden_by)


def flag(key: str, *, default: bool, public: bool = True) -> Field:
    """Return a key that is true or false."""
    return Field(key, "boolean", nullable=False, default=default, public=public)
