"""What there is in the sandbox, for programs that have just started it: systems, tokens, guild, messages, routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.routing import BASE_PATH
from conformance.sandbox.control import CONTROL_PATH
from conformance.sandbox.control.routes import routes

if TYPE_CHECKING:
    from conformance.reference.entities import System
    from conformance.sandbox.control.orders import Controlled, Order


class Overview:
    """Shows the sandbox."""

    def __init__(self, sandbox: Controlled) -> None:
        self._sandbox = sandbox

    def show(self, order: Order) -> dict[str, Any]:
        """Return all that a client needs, and the routes of the control API."""
        del order
        server, seeded = self._sandbox.server, self._sandbox.server.seeded
        return {
            "revision": server.revision.name,
            "base_path": BASE_PATH,
            "systems": [shown(system) for system in dict.fromkeys(server.store.tokens.values())],
            "guild_id": seeded.guild_id,
            "message_id": seeded.message_id,
            "original_message_id": seeded.original_message_id,
            "deleted_message_id": seeded.deleted_message_id,
            "routes": [
                f"{row.method} {CONTROL_PATH}{row.path.rstrip('/')}: {row.does}" for row in routes()
            ],
        }


def shown(system: System) -> dict[str, Any]:
    """Return who a system is, with its token, which is of this sandbox alone."""
    return {
        "id": system.short_id,
        "uuid": system.uuid,
        "name": system.fields["name"],
        "account_ids": system.accounts,
        "token": system.token,
    }
