"""Faults that treat one class of input in one operation wrongly, made from tables; the tables are in the folders of areas."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original

    Matches = Callable[[Call], bool]
    Way = Callable[[Original, Call], object]


def accept(original: Original, call: Call) -> object:
    """Return a success, and do nothing."""
    try:
        return original(call)
    except Rejected:
        return {}


def fail(_: Original, __: Call) -> object:
    """Return a server error."""
    raise Rejected(Problem.INTERNAL)


def return_another_code(original: Original, call: Call) -> object:
    """Reject the request with the code of another mistake."""
    try:
        return original(call)
    except Rejected as rejected:
        other = rejected.problem is Problem.BAD_REQUEST
        raise Rejected(Problem.INVALID if other else Problem.BAD_REQUEST) from None


@dataclasses.dataclass(frozen=True)
class Apply:
    """Carries out the request with a valid body, and rejects it then."""

    body: bytes

    def __call__(self, original: Original, call: Call) -> object:
        """Return what the operation returns, if the request is not rejected after all."""
        try:
            return original(call)
        except Rejected:
            call.body = self.body
            original(call)
            raise


REJECTED: dict[str, Way] = {
    "accepts": accept,
    "fails_at": fail,
    "returns_another_code_for": return_another_code,
}
"""How an input that must be rejected can be treated."""


@dataclasses.dataclass(frozen=True)
class Mistreatment:
    """Treats one class of input in one operation in one way."""

    operation: str
    matches: Matches
    way: Way

    def __call__(self, server: Server) -> None:
        """Change the server."""

        def run(original: Original, call: Call) -> object:
            named = call.operation is not None and call.operation.name == self.operation
            return self.way(original, call) if named and self.matches(call) else original(call)

        wrap(server, "run", run)


def add_mistreatments(
    operation: str,
    class_: str,
    matches: Matches,
    ways: Iterable[tuple[str, Way]],
    *rules: str,
    only: str | None = None,
) -> None:
    """Register a fault for each way of treating a class of input.

    `class_` is how its name says it, like `null_body`, `only` the revision at which the docs say anything of it.
    """
    for name, way in ways:
        words = name.replace("_", " ").capitalize()
        add(
            f"{name}_{class_}_of_{operation.replace('-', '_')}",
            f"{words} a {class_.replace('_', ' ')} in the operation {operation}.",
            list(rules),
            Mistreatment(operation, matches, way),
            of_cell=True,
            only=only,
        )
