"""How a step of a server is replaced by another function.

Faults, known deviations and allowed variations change a server in this way alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import partial, wraps
from inspect import signature
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from conformance.reference.application import Server

Injection = Callable[["Server"], None]
"""Changes a server."""

Function = TypeVar("Function", bound=Callable[..., Any])
"""An injection, or what takes the place of a step."""

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


def injection(function: Callable[..., Any], step: str | None) -> Injection:
    """Return what changes a server: the function itself; with a step, like `privacy.hides`, what puts it in the place of that.

    The endpoints of an area go by its name: `switches.delete`. `run` is a step of the server itself. What takes the place
    of a step is called as by `wrap`; if its first parameter is `server`, it gets the server before.
    """
    if step is None:
        return function
    needs_server = next(iter(signature(function).parameters), "") == "server"

    @wraps(function)
    def inject(server: Server) -> None:
        part, _, method = step.rpartition(".")
        found = server.endpoints.get(part) or (attrgetter(part)(server) if part else server)
        wrap(found, method, partial(function, server) if needs_server else function)

    return inject
