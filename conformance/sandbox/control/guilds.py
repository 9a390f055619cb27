"""Settings of systems and members in guilds: the API changes those that exist, and only the bot makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.entities import Row
from conformance.reference.errors import Rejected
from conformance.sandbox.control import refs
from conformance.sandbox.control.problems import Wrong

if TYPE_CHECKING:
    from conformance.reference.models import Kind
    from conformance.sandbox.control.orders import Controlled, Order


class Guilds:
    """Makes, changes and removes the settings."""

    def __init__(self, sandbox: Controlled) -> None:
        self._sandbox = sandbox

    def set_system(self, order: Order) -> dict[str, Any]:
        """Make the settings of a system exist in a guild, with the values of the body."""
        kind = self._sandbox.server.revision.models.system_guild
        return self._set(self._of_system(order), kind, order)

    def set_member(self, order: Order) -> dict[str, Any]:
        """Make the settings of a member exist in a guild, with the values of the body."""
        kind = self._sandbox.server.revision.models.member_guild
        return self._set(self._of_member(order), kind, order)

    def remove_system(self, order: Order) -> None:
        """Let a system have no settings in a guild."""
        self._of_system(order).pop(refs.snowflake("guild", order.params["guild"]), None)

    def remove_member(self, order: Order) -> None:
        """Let a member have no settings in a guild."""
        self._of_member(order).pop(refs.snowflake("guild", order.params["guild"]), None)

    def _of_system(self, order: Order) -> dict[str, Row]:
        return refs.system(self._sandbox.server.store, order.params["system"]).guilds

    def _of_member(self, order: Order) -> dict[str, Row]:
        return refs.member(self._sandbox.server.store, order.params["member"]).guilds

    def _set(self, rows: dict[str, Row], kind: Kind, order: Order) -> dict[str, Any]:
        server = self._sandbox.server
        guild = refs.snowflake("guild", order.params["guild"])
        known = [field.key for field in kind.settable]
        unknown = next((key for key in order.body if key not in known), None)
        if unknown is not None:
            message = f"{unknown[:50]}: unknown key; known keys are {', '.join(known)}"
            raise Wrong(message)
        try:
            patch = server.validation.read(kind, dict(order.body))
        except Rejected as rejected:
            raise Wrong(_line(rejected)) from None
        row = rows.setdefault(guild, Row.blank(kind))
        server.updates.merge(row, patch)
        return {"guild_id": guild} | row.fields


def _line(rejected: Rejected) -> str:
    key, details = next(iter((rejected.errors or {}).items()))
    return f"{key}: {details[0]['message']}"
