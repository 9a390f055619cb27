"""What was done to an account, step by step, so that it can be done again. How that is made shorter is in `shortening`."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.properties.model import AccountState, Switch, Thing

    Made = Thing | Switch | None


@dataclasses.dataclass(eq=False)
class Step:
    """A move by its name, what it was given, what it made; `determined` is whether the docs tell what comes of it."""

    move: str
    words: tuple[Any, ...]
    named: Mapping[str, Any]
    determined: bool
    made: Made = None


class _Trailing(Protocol):
    account_state: AccountState
    trail: list[Step]


P = ParamSpec("P")
T = TypeVar("T", bound="Made")
M = TypeVar("M", bound=_Trailing)


def step(move: Callable[Concatenate[M, P], T]) -> Callable[Concatenate[M, P], T]:
    """Let a move leave a step in the trail."""

    @functools.wraps(move)
    def taken(moves: M, /, *words: P.args, **named: P.kwargs) -> T:
        determined = is_determined(moves.account_state, move.__name__, words)
        done = Step(move.__name__, words, named, determined)
        moves.trail.append(done)
        made = move(moves, *words, **named)
        done.made = made
        return made

    return taken


def is_determined(account_state: AccountState, move: str, words: tuple[Any, ...]) -> bool:
    """Return whether the docs tell what comes of a move: not of a switch that is like its neighbour."""
    if move == "log":
        slot, members, *_ = words
        return account_state.may_log(members, now=slot is None)
    if move == "replace":
        _, members, *_ = words
        return account_state.may_hold(members)
    return True
