"""The list of faults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.reference.steps import DuplicateName, UnknownName

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.steps import Injection

FAULTS: dict[str, Fault] = {}
"""Every fault by name."""


@dataclass(frozen=True)
class Fault:
    """A way in which the server violates requirements: what it does wrong, and the ids of the requirements.

    ``only`` is the revision of the docs that has these requirements, where the newest one does not have them.
    """

    name: str
    description: str
    violates: tuple[str, ...]
    inject: Injection
    only: str | None = None


def fault(*requirements: str, only: str | None = None) -> Callable[[Injection], Injection]:
    """Register a function that injects a fault into a server; its name is that of the fault, its docstring the description."""

    def register(inject: Injection) -> Injection:
        add(inject.__name__, inject.__doc__ or "", list(requirements), inject, only=only)
        return inject

    return register


def add(
    name: str, description: str, violates: list[str], inject: Injection, *, only: str | None = None
) -> None:
    """Register a fault that is made from a table, or raise DuplicateName."""
    if name in FAULTS:
        raise DuplicateName(name)
    FAULTS[name] = Fault(name, description, tuple(violates), inject, only)


def find_fault(name: str) -> Fault:
    """Return the fault with that name, or raise UnknownName."""
    try:
        return FAULTS[name]
    except KeyError:
        raise UnknownName(name, "fault", FAULTS) from None
