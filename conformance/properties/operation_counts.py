"""What the generated requests of a run were, counted by operation: responses, and the keys that were sent.

Nothing is sent from here.
"""

from __future__ import annotations

import collections
import json
from typing import TYPE_CHECKING, Any

from conformance.contract.document import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.contract import Contract

FOLDER = "properties"  # of the modules of checks whose requests count


def operation_counts(
    contract: Contract, exchanges: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the counts of every operation that was sent, as lines of the event log.

    Args:
        contract: the contract of the run.
        exchanges: events of the log; those of other checks than the properties do not count.

    """
    table: dict[str, _Counts] = {}
    for exchange in exchanges:
        if exchange["check"].partition("/")[0] == FOLDER:
            found = table.setdefault(
                exchange["operation"], _Counts(contract, exchange["operation"])
            )
            found.take(exchange)
    return [found.event() for found in table.values()]


class _Counts:
    """The counts of one operation: responses by class, and which keys were sent, which of them at a limit and beyond it."""

    def __init__(self, contract: Contract, operation: str) -> None:
        self.operation = operation
        schema = contract.operations[operation].request_schema or {}
        self.keys = {
            key: resolve(contract.document, node)
            for key, node in schema.get("properties", {}).items()
        }
        self.statuses: collections.Counter[str] = collections.Counter()
        self.sent: set[str] = set()
        self.limits: set[str] = set()

    def take(self, exchange: Mapping[str, Any]) -> None:
        """Count one exchange."""
        status = exchange["status"]
        self.statuses["none" if status is None else f"{status // 100}xx"] += 1
        for key, value in self._body(exchange["request"]["body"]):
            self.sent.add(key)
            limit = self.keys[key].get("maxLength")
            if limit is not None and isinstance(value, str) and len(value) >= limit:
                self.limits.add(f"{key} {'at' if len(value) == limit else 'beyond'} {limit}")

    def _body(self, text: str | None) -> Iterator[tuple[str, Any]]:
        try:
            body = json.loads(text or "null")
        except (ValueError, RecursionError):
            return
        if isinstance(body, dict):
            yield from ((key, value) for key, value in body.items() if key in self.keys)

    def event(self) -> dict[str, Any]:
        """Return the line of the event log."""
        return {
            "operation": self.operation,
            "statuses": dict(sorted(self.statuses.items())),
            "keys": len(self.keys),
            "keys_sent": sorted(self.sent),
            "at_bounds": sorted(self.limits),
        }
