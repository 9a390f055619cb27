"""What a client has to know of a running sandbox: URLs, tokens, and the ids of what is there at the start."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.reference.routing import BASE_PATH
from conformance.sandbox.control import CONTROL_PATH

if TYPE_CHECKING:
    from conformance.reference.application import Server


@dataclass(frozen=True)
class Details:
    """URLs, tokens and ids. The first system is that of the client, the second has what belongs to others."""

    base_url: str
    """What comes before paths like `/systems/@me`."""
    control_url: str
    """The same for the control API."""
    revision: str
    token: str = field(repr=False)
    """That of the first system."""
    other_token: str = field(repr=False)
    """That of the second system."""
    system_id: str
    system_account_id: str
    other_system_id: str
    other_system_account_id: str
    guild_id: str
    """A guild in which both systems have settings."""
    message_id: str
    """A message of a member of the second system."""
    original_message_id: str
    """What the user had sent, for which that message stands."""
    deleted_message_id: str
    """A message whose member was deleted."""


def details(server: Server, origin: str) -> Details:
    """Return those of a server; ``origin`` is its URL without a path."""
    seeded = server.seeded
    first, second = seeded.first, seeded.second
    return Details(
        base_url=origin + BASE_PATH,
        control_url=origin + CONTROL_PATH,
        revision=server.revision.name,
        token=first.token,
        other_token=second.token,
        system_id=first.short_id,
        system_account_id=first.accounts[0],
        other_system_id=second.short_id,
        other_system_account_id=second.accounts[0],
        guild_id=seeded.guild_id,
        message_id=seeded.message_id,
        original_message_id=seeded.original_message_id,
        deleted_message_id=seeded.deleted_message_id,
    )
