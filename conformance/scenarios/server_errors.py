"""Records the server errors (5xx) of a run, and which of them some check reported, for the check of all others."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from conformance.http import Exchange


@dataclasses.dataclass
class ServerErrors:
    """The responses of the run whose status is 5xx, by the id of their exchange."""

    seen: dict[str, Exchange] = dataclasses.field(default_factory=dict)
    reported: set[str] = dataclasses.field(default_factory=set)
    # What was sent in those that were reported, by operation and status.
    values: dict[tuple[str, int | None], set[str]] = dataclasses.field(default_factory=dict)
    # Operation and status of those that PluralKit production returns, too.
    as_upstream: set[tuple[str, int | None]] = dataclasses.field(default_factory=set)

    def see(self, exchange: Exchange) -> None:
        """Record an exchange, if the server failed in it."""
        if is_server_error(exchange):
            self.seen[exchange.id] = exchange

    def is_new(self, exchange: Exchange) -> bool:
        """Whether it is a server error that no check failed with so far; those of bursts are not recorded here."""
        return exchange.id in self.seen and not self._is_reported(exchange)

    def report(self, exchange: Exchange | None, *, repeated: bool = False) -> None:
        """Note that a check failed with this exchange, or warned of it, and so with those of the operation that share a value with it.

        A generated check sends what fails `repeated`ly, with any values.
        """
        if exchange is None or not is_server_error(exchange):
            return
        alike = (exchange.operation.id, exchange.status)
        self.values.setdefault(alike, set()).update(values_of(exchange))
        self.reported |= {exchange.id} | {
            other.id
            for other in self.seen.values()
            if repeated and (other.operation.id, other.status) == alike
        }

    def unreported(self, operation: str) -> list[Exchange]:
        """Return the server errors of an operation that no check failed with, or warned of, so far."""
        return [
            exchange
            for exchange in self.seen.values()
            if exchange.operation.id == operation and not self._is_reported(exchange)
        ]

    def _is_reported(self, exchange: Exchange) -> bool:
        reported = self.values.get((exchange.operation.id, exchange.status), set())
        return exchange.id in self.reported or bool(values_of(exchange) & reported)


def values_of(exchange: Exchange) -> set[str]:
    """Return the keys of a JSON body with their values, each as one text; nothing for any other body."""
    try:
        body = json.loads(exchange.request_body or "null")
    except (ValueError, RecursionError):
        return set()
    return set(map(json.dumps, body.items())) if isinstance(body, dict) else set()


def is_server_error(exchange: Exchange | None) -> bool:
    """Whether there is a response whose status is 5xx."""
    return (
        exchange is not None
        and exchange.status is not None
        and httpx.codes.is_server_error(exchange.status)
    )
