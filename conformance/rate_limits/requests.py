"""The requests that bursts are made of, and those that undo what bursts created or changed. When they are sent is not here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.http import ME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.http import Exchange
    from conformance.rate_limits.limited_target import LimitedTarget
    from conformance.rate_limits.sending import Send

UNKNOWN_MESSAGE = "10000000000000003"
MADE_UP = "198.51.100"
"""The start of addresses that a client may put into X-Forwarded-For.

A server behind a proxy takes the last address, which the proxy adds; the first one can be made up.
"""


def send_now() -> None:
    """Release a request as soon as its connection is open."""


class LimitedRequests:
    """Reads and writes of the system under test; each takes what releases it once its connection is open."""

    def __init__(
        self,
        target: Callable[[], LimitedTarget],
        message: str | None,
        name: Callable[[], str],
    ) -> None:
        """Take who sends to which instance, a message to read, and what makes names."""
        self._target, self.message, self.name = target, message, name
        self.members: list[str] = []  # ids of members that were created and not deleted
        self.is_changed = False  # whether the description of the system may differ from before
        self.description: str | None = None  # of the system before the bursts

    def of_scope(self, scope: str) -> Send:
        """Return the plainest request of a scope."""
        sends: dict[str, Send] = {
            "generic_get": partial(self.read, "getSystem"),
            "generic_update": self.patch,
            "message": self.read_message,
        }
        return sends[scope]

    def read(self, operation: str, release: Callable[[], None], **words: Any) -> Exchange:
        """Read something of the own system."""
        return self._target().owner.send(operation, ME, release=release, **words)

    def read_anonymously(self, system: str, last: int, release: Callable[[], None]) -> Exchange:
        """Read a system without a token, from a made-up address and with a User-Agent of its own."""
        headers = {
            "X-Forwarded-For": f"{MADE_UP}.{last}",
            "User-Agent": f"pluralkit-conformance {last}",
        }
        anonymous = self._target().anonymous
        return anonymous.send("getSystem", {"systemId": system}, release=release, headers=headers)

    def read_message(self, release: Callable[[], None]) -> Exchange:
        """Read the message."""
        refs = {"messageId": str(self.message)}
        return self._target().owner.send("getMessage", refs, release=release)

    def read_unknown_message(self) -> Exchange:
        """Ask for a message that does not exist."""
        refs = {"messageId": UNKNOWN_MESSAGE}
        return self._target().owner.send("getMessage", refs, release=send_now)

    def patch(self, release: Callable[[], None], **keys: str) -> Exchange:
        """PATCH the system; the description stays as it was unless another is named."""
        body = {"description": self.description, **keys}
        return self._target().owner.send("updateSystem", ME, json=body, release=release)

    def post(self, release: Callable[[], None]) -> Exchange:
        """Create a member."""
        body = {"name": self.name()}
        return self._target().owner.send("createMember", json=body, release=release)

    def delete(self, ref: str, release: Callable[[], None]) -> Exchange:
        """Delete a member."""
        return self._target().owner.send("deleteMember", {"memberId": ref}, release=release)

    def undoing(self) -> list[Send]:
        """Return the requests that delete what was created, and put back what was changed."""
        deletes: list[Send] = [partial(self.delete, ref) for ref in self.members]
        return [*deletes, *([self.patch] if self.is_changed else [])]

    def record_members(self, exchanges: Iterable[Exchange]) -> None:
        """Remember the members that were created, and forget those that were deleted."""
        for exchange in exchanges:
            if exchange.operation.id == "createMember":
                self.members += self._target().created(exchange)
            elif exchange.operation.id == "deleteMember" and exchange.status in (200, 204, 404):
                ref = exchange.url.rpartition("/")[2]
                self.members = [member for member in self.members if member != ref]

    def record_undone(self, exchanges: Iterable[Exchange]) -> None:
        """Note which of the undoing requests succeeded."""
        self.record_members(exchanges)
        self.is_changed &= not any(e.operation.id == "updateSystem" and e.ok for e in exchanges)
