"""The instance of the target whose rate limits are checked, and who sends requests to it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.http.caller import Caller
    from conformance.http.exchange import Exchange

PREFIX = "limited-"
"""Prefix of the ids of the exchanges of these callers."""


@dataclasses.dataclass(frozen=True)
class LimitedTarget:
    """Callers that keep no pace; `other` is None without a second token. `adopt` notes what is to be undone."""

    owner: Caller
    anonymous: Caller
    other: Caller | None
    adopt: Callable[[str, Exchange], None]

    def created(self, exchange: Exchange) -> list[str]:
        """Return the id of the member that was created, if one was; it may be deleted from now on."""
        body = exchange.json
        if not exchange.ok or not isinstance(body, dict) or not isinstance(body.get("id"), str):
            return []
        self.owner.client.guard.allow(body["id"])
        self.adopt("member", exchange)
        return [body["id"]]
