"""Faults that treat one class of input wrongly which only the state of the server tells, or that is met before tokens are looked at.

Those that the request alone tells are in `mistreatment`.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults import mistreatment
from conformance.reference.faults.registry import add
from conformance.reference.revisions import NEWEST, REVISIONS
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original

    Matches = Callable[[Call], bool]
    Matching = Callable[[Server], Matches]
    Way = Callable[[Server, Original, Call], object]

_AT_LAUNCH = {operation.name for operation in REVISIONS["2021-11"].operations}


def accept(_: Server, original: Original, call: Call) -> object:
    """Return a success, and do nothing."""
    return mistreatment.accept(original, call)


def fail(_: Server, original: Original, call: Call) -> object:
    """Return a server error."""
    return mistreatment.fail(original, call)


@dataclasses.dataclass(frozen=True)
class Return:
    """Rejects the request for another reason."""

    problem: Problem

    def __call__(self, _: Server, original: Original, call: Call) -> object:
        """Return what the operation returns, if the request is not rejected after all."""
        try:
            return original(call)
        except Rejected:
            raise Rejected(self.problem) from None


@dataclasses.dataclass(frozen=True)
class Treatment:
    """Treats one class of input in one operation in one way.

    `matching` is called once, with the server, and returns which requests belong to the class. `before_token` says that the
    request is treated before the server looks whether it needs a token.
    """

    operation: str
    matching: Matching
    way: Way
    before_token: bool = False

    def __call__(self, server: Server) -> None:
        """Change the server."""
        matches = self.matching(server)

        def run(original: Original, call: Call) -> object:
            if self.before_token:
                call.operation, call.params = server.router.match(call.method, call.path)
                call.caller = server.authentication.identify(call)
            named = call.operation is not None and call.operation.name == self.operation
            return self.way(server, original, call) if named and matches(call) else original(call)

        wrap(server, "handle" if self.before_token else "run", run)


def add_treatments(
    operation: str,
    class_: str,
    matching: Matching,
    ways: Iterable[tuple[str, Way]],
    *rules: str,
    only: str | None = None,
    before_token: bool = False,
) -> None:
    """Register a fault for each way of treating a class of input; `class_` is how its name says it, like `null_body`."""
    only = only or (NEWEST.name if operation not in _AT_LAUNCH else None)
    for name, way in ways:
        words = name.replace("_", " ").capitalize()
        add(
            f"{name}_{class_}_of_{operation.replace('-', '_')}",
            f"{words} a {class_.replace('_', ' ')} in the operation {operation}.",
            list(rules),
            Treatment(operation, matching, way, before_token),
            only=only,
            of_cell=True,
        )
