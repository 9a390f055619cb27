"""The list of allowed variations, and the way to apply them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from conformance.reference.steps import DuplicateName, UnknownName, injection

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server
    from conformance.reference.steps import Function, Injection

VARIATIONS: dict[str, Variation] = {}
"""Every allowed variation by name, in the order in which they are applied together."""


@dataclasses.dataclass(frozen=True)
class Variation:
    """One thing that the docs leave open, and how it is done differently."""

    name: str
    description: str
    inject: Injection


def variation(step: str | None = None) -> Callable[[Function], Function]:
    """Register a function that changes a server, or takes the place of a step of it.

    Its name is that of the variation, its docstring the description.
    """

    def register(function: Function) -> Function:
        name = function.__name__
        if name in VARIATIONS:
            raise DuplicateName(name)
        VARIATIONS[name] = Variation(name, function.__doc__ or "", injection(function, step))
        return function

    return register


def vary(server: Server, name: str) -> None:
    """Apply one allowed variation, or `all` of them; raises UnknownName."""
    if name == "all":
        for each in VARIATIONS.values():
            each.inject(server)
        return
    if name not in VARIATIONS:
        raise UnknownName(name, "variation", VARIATIONS)
    VARIATIONS[name].inject(server)
