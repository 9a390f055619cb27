"""A request of the control API as its handlers see it, and what they look at and change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.reference.application import Server
    from conformance.sandbox.clock import MovableClock
    from conformance.sandbox.failures import Failures
    from conformance.sandbox.request_log import RequestLog


class Controlled(Protocol):
    """The sandbox."""

    server: Server
    log: RequestLog
    clock: MovableClock
    failures: Failures

    def save(self) -> None:
        """Write what changed to the file of the sandbox, if it has one."""

    def reset(self) -> None:
        """Return to the state of the start."""


@dataclass(frozen=True)
class Order:
    """A request: parameters of the path and of the query, and the values of its body, which keep to the schema."""

    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Any]
