"""What no request of the API makes: another system, a message, an export, and the state of the start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference import moments
from conformance.reference.entities import Message
from conformance.sandbox.control import refs
from conformance.sandbox.control.overview import shown
from conformance.sandbox.control.problems import Wrong
from conformance.sandbox.export import export

if TYPE_CHECKING:
    from conformance.reference.entities import Member
    from conformance.sandbox.control.orders import Controlled, Order


class Data:
    """Adds to the data, and puts it back."""

    def __init__(self, sandbox: Controlled) -> None:
        self._sandbox = sandbox

    def reset(self, order: Order) -> None:
        """Return to the state of the start."""
        del order
        self._sandbox.reset()

    def export(self, order: Order) -> dict[str, Any]:
        """Return the first system, or that of the query, as `--data` loads it."""
        server = self._sandbox.server
        ref = order.query.get("system")
        return export(server.seeded.first if ref is None else refs.system(server.store, ref))

    def create_system(self, order: Order) -> dict[str, Any]:
        """Create a system; return its ids and its token."""
        store = self._sandbox.server.store
        account = self._snowflake(order, "account_id")
        if account in store.accounts:
            message = f"account_id: {account} belongs to a system; leave it out, or use another one"
            raise Wrong(message)
        return shown(store.add_system(order.body["name"], account, store.now()))

    def create_message(self, order: Order) -> dict[str, Any]:
        """Create a message of a member, as if it had been proxied now; return it with its ids."""
        store = self._sandbox.server.store
        member = refs.member(store, order.body["member"])
        message = self._message(order, member)
        for key in ("id", "original"):
            if message.fields[key] in store.messages or message.fields[key] in store.originals:
                text = f"{key}: there is a message {message.fields[key]}; leave it out"
                raise Wrong(text)
        store.add_message(message)
        if message.member and "message_count" in member.fields:
            member.fields["message_count"] += 1
            member.fields["last_message_timestamp"] = message.fields["timestamp"]
        kept = message.member.short_id if message.member else None
        return message.fields | {"member": kept}

    def _message(self, order: Order, member: Member) -> Message:
        server = self._sandbox.server
        guild = order.body.get("guild", server.seeded.guild_id)
        fields = {
            "timestamp": moments.show(server.store.now()),
            "id": self._snowflake(order, "id"),
            "original": self._snowflake(order, "original"),
            "sender": refs.snowflake("sender", order.body.get("sender", member.system.accounts[0])),
            "channel": self._snowflake(order, "channel"),
            "guild": refs.snowflake("guild", guild),
        }
        return Message(fields, None if order.body.get("member_deleted") else member)

    def _snowflake(self, order: Order, key: str) -> str:
        """Return the Discord id under a key of the body, or a new one."""
        store = self._sandbox.server.store
        if key in order.body:
            return refs.snowflake(key, order.body[key])
        return store.identities.snowflake(store.clock.time_ns() // 1_000_000)
