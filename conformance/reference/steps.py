"""How a step of a server is replaced by another function.

Faults, known deviations and allowed variations change a server in this way alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.reference.application import Server

Injection = Callable[["Server"], None]
"""Changes a server."""

Original = Callable[..., Any]
"""The step that is replaced."""


class UnknownName(LookupError):
    """Nothing of a kind has the name; the message offers near ones."""

    def __init__(self, name: str, kind: str, known: Iterable[str]) -> None:
        near = get_close_matches(name, known, n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else f"; see --list-{kind}s"
        super().__init__(f"unknown {kind} '{name}'{hint}")


class DuplicateName(ValueError):
    """Two of a kind have the same name."""


def wrap(part: object, method: str, replacement: Callable[..., Any]) -> None:
    """Replace a method by a function, which gets the original first, then the arguments."""
    setattr(part, method, partial(replacement, getattr(part, method)))
