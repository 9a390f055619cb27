"""The list of known deviations, and the way to apply them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.reference.revisions import REVISIONS
from conformance.reference.steps import DuplicateName, UnknownName, injection

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.steps import Function, Injection

LATEST, EARLIER = CODES = ("newest", "2025-08-07")
"""The states of upstream's code that differ; at 2021-11 they are one."""

DEVIATIONS: dict[str, Deviation] = {}
"""Every known deviation by name, in the order in which they are applied together."""


class WrongRevision(ValueError):
    """The deviation does not belong to the revision of the server."""

    def __init__(self, deviation: Deviation, revision: str) -> None:
        super().__init__(
            f"the known deviation '{deviation.name}' does not belong to revision {revision}"
        )


@dataclass(frozen=True)
class Deviation:
    """One way in which PluralKit production deviates from its docs.

    ``differences`` are the numbers of the catalogue, ``revisions`` those in which it is known, ``codes`` the states of
    the code: the newest one, or that of the day on which the docs of 2025-08 were finished.
    """

    name: str
    description: str
    differences: tuple[int, ...]
    revisions: tuple[str, ...]
    codes: tuple[str, ...]
    inject: Injection


def deviation(
    *differences: int, step: str | None = None, only: str | None = None, code: str | None = None
) -> Callable[[Function], Function]:
    """Register a function that changes a server, or takes the place of a step of it; its docstring is the description."""

    def register(function: Function) -> Function:
        name, inject = function.__name__, injection(function, step)
        if name in DEVIATIONS:
            raise DuplicateName(name)
        revisions = (only,) if only else tuple(REVISIONS)
        description, codes = function.__doc__ or "", (code,) if code else CODES
        DEVIATIONS[name] = Deviation(name, description, differences, revisions, codes, inject)
        return function

    return register


def deviate(server: Server, name: str) -> None:
    """Apply one known deviation; raises UnknownName or WrongRevision."""
    try:
        found = DEVIATIONS[name]
    except KeyError:
        raise UnknownName(name, "deviation", DEVIATIONS) from None
    if server.revision.name not in found.revisions:
        raise WrongRevision(found, server.revision.name)
    found.inject(server)


def deviations_of(revision: str, code: str = LATEST) -> list[str]:
    """Return the names of the known deviations of a revision and state of the code, in the order to apply them in."""
    return [
        row.name for row in DEVIATIONS.values() if revision in row.revisions and code in row.codes
    ]
