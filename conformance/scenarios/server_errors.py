"""Records the server errors (5xx) of a run, and which of them some check reported, for the check of all others."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from conformance.http import Exchange


@dataclasses.dataclass
class ServerErrors:
    """The responses of the run whose status is 5xx, by the id of their exchange."""

    seen: dict[str, Exchange] = dataclasses.field(default_factory=dict)
    reported: set[str] = dataclasses.field(default_factory=set)
    # Operation and status of those that PluralKit production returns, too.
    as_upstream: set[tuple[str, int | None]] = dataclasses.field(default_factory=set)

    def see(self, exchange: Exchange) -> None:
        """Record an exchange, if the server failed in it."""
        if is_server_error(exchange):
            self.seen[exchange.id] = exchange

    def is_new(self, exchange: Exchange) -> bool:
        """Whether it is a server error that no check failed with so far; those of bursts are not recorded here."""
        return exchange.id in self.seen and exchange.id not in self.reported

    def report(self, exchange: Exchange | None, *, repeated: bool = False) -> None:
        """Note that a check failed with this exchange, or warned of it; a generated check sends what fails `repeated`ly."""
        if exchange is None or not is_server_error(exchange):
            return
        alike = (exchange.operation.id, exchange.status)
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
            if exchange.operation.id == operation and exchange.id not in self.reported
        ]


def is_server_error(exchange: Exchange | None) -> bool:
    """Whether there is a response whose status is 5xx."""
    return (
        exchange is not None
        and exchange.status is not None
        and httpx.codes.is_server_error(exchange.status)
    )
