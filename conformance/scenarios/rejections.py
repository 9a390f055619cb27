"""Records the rejections of a run, for the checks of all of them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from conformance.http import Exchange

TOO_MANY = 429


@dataclasses.dataclass
class Rejections:
    """The rejections (4xx) of the run, the first with each status of each operation."""

    by_operation: dict[str, dict[int, Exchange]] = dataclasses.field(default_factory=dict)

    def see(self, exchange: Exchange) -> None:
        """Record an exchange, if it is a rejection of what the request asks for."""
        status = exchange.status
        if status is None or not httpx.codes.is_client_error(status) or status == TOO_MANY:
            return
        # Without a User-Agent, or without the version in its path, it is no request of the API.
        path, headers = exchange.operation.path.partition("{")[0], exchange.request_headers
        # A token outside ASCII may be rejected by a proxy before the server.
        readable = headers.get("authorization", "").isascii()
        if readable and headers.get("user-agent") and f"/v2{path}" in exchange.url:
            self.by_operation.setdefault(exchange.operation.id, {}).setdefault(status, exchange)
