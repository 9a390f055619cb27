"""Proxied messages. docs: endpoints#messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.endpoints import Endpoints

if TYPE_CHECKING:
    from conformance.reference.calls import Call
    from conformance.reference.presentation import Shown


class Messages(Endpoints):
    """Show a message."""

    def show(self, call: Call) -> Shown:
        """Serve docs: endpoints#get-proxied-message-information."""
        message = self.references.message(call.params["message"])
        return self.presenter.message(message, call.caller)
