"""Proxied messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clients.python.run import equal, raises, unknown_keys

if TYPE_CHECKING:
    from tests.clients.python.run import Run


def message_read(run: Run) -> None:
    """A message of the other system, with its ids as numbers."""
    read = run.own.get_message(run.message)
    equal((read.id, read.original, read.guild), (run.message, run.original, run.guild))
    equal(read.system.id.uuid, run.made["other"].id.uuid)


def message_names_its_member(run: Run) -> None:
    """The member is the one that the list of the system has."""
    equal(run.own.get_message(run.message).member.id.uuid, run.made["foreign"].id.uuid)


def message_keys_are_known(run: Run) -> None:
    """The client knows every key of a message; it warns of others."""
    equal(unknown_keys(lambda: run.own.get_message(run.message)), [])


def message_by_original(run: Run) -> None:
    """The id of the message that was proxied."""
    equal(run.own.get_message(run.original).id, run.message)


def message_of_deleted_member(run: Run) -> None:
    """Neither system nor member."""
    read = run.own.get_message(run.message_of_deleted)
    equal((read.system, read.member), (None, None))


def message_not_found(run: Run) -> None:
    """No message has the id."""
    raises("MessageNotFound", lambda: run.own.get_message(1234567890), "20006")
