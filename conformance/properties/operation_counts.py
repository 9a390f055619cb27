"""How far the generated requests of a run got with each operation, counted from what was sent. Nothing is sent from here."""

from __future__ import annotations

import collections
import json
from typing import TYPE_CHECKING, Any

from conformance.contract.document import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from conformance.contract import Contract

GENERATED = ("generated", "invalid", "unauthorized", "states", "mistakes", "sequences")


def reach(contract: Contract, exchanges: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the reach of every operation that was sent to, as lines of the event log.

    Args:
        contract: the contract of the run.
        exchanges: events of the log; those of other checks than the properties do not count.

    """
    table: dict[str, _Reached] = {}
    for exchange in exchanges:
        if exchange["check"].partition("::")[0].removesuffix(".py") in GENERATED:
            found = table.setdefault(
                exchange["operation"], _Reached(contract, exchange["operation"])
            )
            found.take(exchange)
    return [found.event() for found in table.values()]


class _Reached:
    """The reach of one operation: responses by class, and which keys were sent, which of them at a bound and beyond it."""

    def __init__(self, contract: Contract, operation: str) -> None:
        self.operation = operation
        schema = contract.operations[operation].request_schema or {}
        self.keys = {
            key: resolve(contract.document, node)
            for key, node in schema.get("properties", {}).items()
        }
        self.statuses: collections.Counter[str] = collections.Counter()
        self.sent: set[str] = set()
        self.bounds: set[str] = set()

    def take(self, exchange: Mapping[str, Any]) -> None:
        """Count one exchange."""
        status = exchange["status"]
        self.statuses["none" if status is None else f"{status // 100}xx"] += 1
        for key, value in self._body(exchange["request"]["body"]):
            self.sent.add(key)
            limit = self.keys[key].get("maxLength")
            if limit is not None and isinstance(value, str) and len(value) >= limit:
                self.bounds.add(f"{key} {'at' if len(value) == limit else 'beyond'} {limit}")

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
            "at_bounds": sorted(self.bounds),
        }
