"""The list of allowed variations, and the way to apply them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from conformance.reference.steps import DuplicateName, UnknownName

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.steps import Injection

VARIATIONS: dict[str, Variation] = {}
"""Every allowed variation by name, in the order in which they are applied together."""


@dataclasses.dataclass(frozen=True)
class Variation:
    """One thing that the docs leave open, and how it is done differently."""

    name: str
    description: str
    inject: Injection


def variation(inject: Injection) -> Injection:
    """Register a function that changes a server; its name is that of the variation, its docstring the description."""
    name = inject.__name__
    if name in VARIATIONS:
        raise DuplicateName(name)
    VARIATIONS[name] = Variation(name, inject.__doc__ or "", inject)
    return inject


def vary(server: Server, name: str) -> None:
    """Apply one allowed variation, or `all` of them; raises UnknownName."""
    if name == "all":
        for each in VARIATIONS.values():
            each.inject(server)
        return
    if name not in VARIATIONS:
        raise UnknownName(name, "variation", VARIATIONS)
    VARIATIONS[name].inject(server)
