"""The requests of a property to its account as steps that can be repeated. How fewer of them are found is in `shortening`."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.properties.account_state import AccountState, EntityState, Switch

    Created = EntityState | Switch | None


@dataclasses.dataclass(eq=False)
class Step:
    """A request by the name of its method of `WriteRequests`, its arguments, and what it created.

    `determined` is whether the docs determine what becomes of it.
    """

    request: str
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]
    determined: bool
    created: Created = None


class _Recorder(Protocol):
    account_state: AccountState
    steps: list[Step]


P = ParamSpec("P")
T = TypeVar("T", bound="Created")
R = TypeVar("R", bound=_Recorder)


def step(request: Callable[Concatenate[R, P], T]) -> Callable[Concatenate[R, P], T]:
    """Append a step to `steps` at each call of a method."""

    @functools.wraps(request)
    def recorded(requests: R, /, *arguments: P.args, **keywords: P.kwargs) -> T:
        determined = is_determined(requests.account_state, request.__name__, arguments)
        one = Step(request.__name__, arguments, keywords, determined)
        requests.steps.append(one)
        created = request(requests, *arguments, **keywords)
        one.created = created
        return created

    return recorded


def is_determined(account_state: AccountState, request: str, arguments: tuple[Any, ...]) -> bool:
    """Return whether the docs determine what becomes of a request: not of a switch with the members of the one before or after."""
    if request == "create_switch":
        hour, members, *_ = arguments
        return account_state.may_create_switch(members, now=hour is None)
    if request == "patch_switch_members":
        _, members, *_ = arguments
        return account_state.has_none_alike(members)
    return True
