"""The list of faults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.reference.steps import DuplicateName, UnknownName, injection

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.steps import Function, Injection

FAULTS: dict[str, Fault] = {}
"""Every fault by name."""


@dataclass(frozen=True)
class Fault:
    """A way in which the server violates requirements: what it does wrong, and the ids of the requirements.

    ``only`` is the revision of the docs that has these requirements, where the newest one does not have them, ``of_cell`` says
    that it is one of many that treat one class of input in one place wrongly.
    """

    name: str
    description: str
    violates: tuple[str, ...]
    inject: Injection
    only: str | None = None
    of_cell: bool = False


def fault(
    *requirements: str, step: str | None = None, only: str | None = None
) -> Callable[[Function], Function]:
    """Register a function that injects a fault into a server, or takes the place of a step of it.

    Its name is that of the fault, its docstring the description.
    """

    def register(function: Function) -> Function:
        name, description = function.__name__, function.__doc__ or ""
        add(name, description, list(requirements), function, step=step, only=only)
        return function

    return register


def add(
    name: str,
    description: str,
    violates: list[str],
    function: Callable[..., Any],
    *,
    step: str | None = None,
    only: str | None = None,
    of_cell: bool = False,
) -> None:
    """Register a fault that is made from a table, or raise DuplicateName."""
    if name in FAULTS:
        raise DuplicateName(name)
    inject = injection(function, step)
    FAULTS[name] = Fault(name, description, tuple(violates), inject, only, of_cell)


def find_fault(name: str) -> Fault:
    """Return the fault with that name, or raise UnknownName."""
    try:
        return FAULTS[name]
    except KeyError:
        raise UnknownName(name, "fault", FAULTS) from None
