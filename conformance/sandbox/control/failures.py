"""Arms, lists and disarms failures."""

from __future__ import annotations

import dataclasses
from difflib import get_close_matches
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from conformance.sandbox.control import CONTROL_PATH
from conformance.sandbox.control.problems import Wrong
from conformance.sandbox.failures import Failure
from conformance.sandbox.request_log import camel_case

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.sandbox.control.orders import Controlled, Order

_OWN = {"retry_after": "429", "ms": "slow"}  # keys of one failure alone


class FailureControl:
    """Arms and disarms."""

    def __init__(self, sandbox: Controlled) -> None:
        self._failures = sandbox.failures
        self._operations = [camel_case(row.name) for row in sandbox.server.revision.operations]

    def arm(self, order: Order) -> dict[str, Any]:
        """Arm a failure for the next requests that it is meant for."""
        self._check(order.body)
        failure = Failure(self._failures.next_id(), **order.body)
        self._failures.armed.append(failure)
        return _shown(failure)

    def index(self, order: Order) -> dict[str, Any]:
        """Return those that are armed; ``requests`` is how many are still to come."""
        del order
        return {"failures": [_shown(row) for row in self._failures.armed]}

    def disarm_all(self, order: Order) -> None:
        """Disarm all."""
        del order
        self._failures.disarm()

    def disarm(self, order: Order) -> None:
        """Disarm one."""
        text = order.params["failure"]
        if not (text.isascii() and text.isdecimal() and self._failures.disarm(int(text[:20]))):
            message = f"failure: '{text[:50]}' is not armed; GET {CONTROL_PATH}/failures lists those that are"
            raise Wrong(message, HTTPStatus.NOT_FOUND)

    def _check(self, body: Mapping[str, Any]) -> None:
        operation = body.get("operation")
        if operation is not None and operation not in self._operations:
            near = get_close_matches(operation, self._operations, n=2)
            hint = f"did you mean {' or '.join(near)}?" if near else "use one like getMember"
            message = f"operation: '{operation[:50]}' is unknown; {hint}"
            raise Wrong(message)
        if operation is not None and ("method" in body or "path" in body):
            message = "operation: it has a method and a path already; leave them out, or leave operation out"
            raise Wrong(message)
        for key, of in _OWN.items():
            if key in body and body["failure"] != of:
                message = f"{key}: only the failure {of} has it; leave it out"
                raise Wrong(message)
        if body.get("carried_out") and body["failure"] == "429":
            message = "carried_out: a 429 is never carried out; leave it out"
            raise Wrong(message)


def _shown(failure: Failure) -> dict[str, Any]:
    row = dataclasses.asdict(failure)
    return {key: value for key, value in row.items() if _OWN.get(key) in (None, failure.failure)}
