"""Records the responses of a run, for the checks of all of them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.contract import Operation
    from conformance.http import Exchange

NO_CONTENT = 204
JSON = "application/json"


@dataclasses.dataclass
class Responses:
    """Successful responses that must have content: the first of each operation, those in another container, and the first with another label.

    `failed` are the exchanges with which some check failed, which says what is wrong with them.
    """

    by_operation: dict[str, Exchange] = dataclasses.field(default_factory=dict)
    odd: dict[str, list[Exchange]] = dataclasses.field(default_factory=dict)
    mislabelled: dict[str, Exchange] = dataclasses.field(default_factory=dict)
    failed: set[str] = dataclasses.field(default_factory=set)

    def see(self, exchange: Exchange) -> None:
        """Record an exchange, if it is a success of the operation that it was sent for."""
        operation = exchange.operation
        empty = exchange.status == NO_CONTENT and str(NO_CONTENT) in operation.responses
        if not exchange.ok or empty or exchange.method != operation.method:
            return
        if f"/v2{operation.path.partition('{')[0]}" not in exchange.url:
            return  # without the version in its path it is no request of the API
        self.by_operation.setdefault(operation.id, exchange)
        if not isinstance(exchange.json, container(operation)):
            self.odd.setdefault(operation.id, []).append(exchange)
        if exchange.text and exchange.media_type != JSON:
            self.mislabelled.setdefault(operation.id, exchange)

    def first_odd(self, operation: str) -> Exchange | None:
        """Return the first response in another container with which no check failed: a request that is to be rejected has none."""
        left = (one for one in self.odd.get(operation, ()) if one.id not in self.failed)
        return next(left, None)


def container(operation: Operation) -> type[list[object] | dict[str, object]]:
    """Return the type of the JSON that the docs specify for the response of an operation."""
    schema = operation.responses[operation.success]
    return list if schema.get("type") == "array" else dict
