"""From the ids of paths and bodies to what they name in the server."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from conformance.reference.identifiers import canonical_snowflake
from conformance.sandbox.control import CONTROL_PATH
from conformance.sandbox.control.problems import Wrong

if TYPE_CHECKING:
    from conformance.reference.entities import Member, System
    from conformance.reference.storage import Store


def system(store: Store, ref: str) -> System:
    """Return the system with this short id, UUID or account id."""
    found = store.systems.find(ref) or store.accounts.get(ref)
    if found is None:
        message = f"system: '{ref[:50]}' is unknown; GET {CONTROL_PATH} lists the systems"
        raise Wrong(message, HTTPStatus.NOT_FOUND)
    return found


def member(store: Store, ref: str) -> Member:
    """Return the member with this short id or UUID."""
    found = store.members.find(ref)
    if found is None:
        message = f"member: '{ref[:50]}' is unknown; use the id or uuid of a member that exists"
        raise Wrong(message, HTTPStatus.NOT_FOUND)
    return found


def snowflake(key: str, text: str) -> str:
    """Return a Discord id in its plain id format; ``key`` is what it is called."""
    found = canonical_snowflake(text)
    if found is None:
        message = f"{key}: '{text[:50]}' is no Discord id; use a whole number of 64 bits"
        raise Wrong(message)
    return found
