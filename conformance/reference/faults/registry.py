"""The list of faults, and the way to put one step of the server out of order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.reference.application import Server

Injection = Callable[["Server"], None]
Original = Callable[..., Any]
"""The method that a fault takes the place of."""

FAULTS: dict[str, Fault] = {}
"""Every fault by name."""


class UnknownFault(LookupError):
    """No fault has the name; the message offers near ones."""

    def __init__(self, name: str) -> None:
        near = get_close_matches(name, FAULTS, n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else "; see --list-faults"
        super().__init__(f"unknown fault '{name}'{hint}")


class DuplicateFault(ValueError):
    """Two faults have the same name."""


@dataclass(frozen=True)
class Fault:
    """One broken rule: what goes wrong, and the statements of the docs that then fail."""

    name: str
    sentence: str
    trips: tuple[str, ...]
    inject: Injection


def fault(name: str, trips: list[str]) -> Callable[[Injection], Injection]:
    """Register a function that breaks a server; its docstring is the sentence."""

    def register(inject: Injection) -> Injection:
        add(name, inject.__doc__ or "", trips, inject)
        return inject

    return register


def add(name: str, sentence: str, trips: list[str], inject: Injection) -> None:
    """Register a fault that is made from a table."""
    if name in FAULTS:
        raise DuplicateFault(name)
    FAULTS[name] = Fault(name, sentence, tuple(trips), inject)


def find_fault(name: str) -> Fault:
    """Return the fault with that name, or raise UnknownFault."""
    try:
        return FAULTS[name]
    except KeyError:
        raise UnknownFault(name) from None


def wrap(part: object, method: str, replacement: Callable[..., Any]) -> None:
    """Put a function in the place of a method; it gets the original first, then the arguments."""
    setattr(part, method, partial(replacement, getattr(part, method)))
