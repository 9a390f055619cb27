"""Proxied messages. docs: endpoints#messages.

Sandbox rule: the messages that are there when the server starts count as just sent, however long it runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference import moments
from conformance.reference.endpoints import Endpoints
from conformance.reference.errors import Problem, Rejected

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Message
    from conformance.reference.presentation import Shown


class Messages(Endpoints):
    """Show a message."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self._server = server  # what is seeded changes when a saved state is loaded

    def show(self, call: Call) -> Shown:
        """Serve docs: endpoints#get-proxied-message-information."""
        message = self.references.message(call.params["message"])
        if self.is_forgotten(message, call.params["message"]):
            raise Rejected(Problem.MESSAGE_UNKNOWN)
        return self.presenter.message(message, call.caller)

    def is_forgotten(self, message: Message, ref: str) -> bool:
        """Whether the ref is the original of a message that was sent too long ago."""
        seeded, known_for = self._server.seeded, self.revision.finds_originals_for
        by_original = self.references.snowflake(ref) == message.fields["original"]
        if message.fields["id"] in (seeded.message_id, seeded.deleted_message_id):
            return False
        sent = moments.read(message.fields["timestamp"])
        if not (by_original and known_for and sent):
            return False
        return self.store.now() - sent > known_for
