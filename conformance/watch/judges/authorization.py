"""Habits about tokens. What is found says nothing of their value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.watch.catalogue import settings_of
from conformance.watch.judges.judging import KEPT, Found, found, judge

if TYPE_CHECKING:
    from conformance.watch.history import History
    from conformance.watch.request import Request

ME = "@me"


@judge("client-token-bare")
def is_bare(request: Request, _: History) -> Found | None:
    """A token has no blank; what stands before one is the name of a scheme."""
    if not request.authorization:
        return None
    scheme, blank, _rest = request.authorization.partition(" ")
    return found(f"{scheme} stands before the token" if blank else "")


@judge("client-token-in-header")
def is_in_header(request: Request, _: History) -> Found | None:
    """No query parameter and no key is called like a token."""
    names = settings_of("client-token-in-header")["names"]
    queried = [f"query parameter {name}" for name, _value in request.query if name.lower() in names]
    keys = request.json if isinstance(request.json, dict) else {}
    sent = [f"key {name}" for name in keys if name.lower() in names]
    return found(*queried, *sent)


@judge("client-authorization-not-empty")
def is_not_empty(request: Request, _: History) -> Found | None:
    """Without a token the header is left out."""
    if request.authorization:
        return None
    return found("" if request.authorization is None else "Authorization is empty")


@judge("client-sends-token-where-needed")
def is_where_needed(request: Request, _: History) -> Found | None:
    """What needs a token is what the contract says, and whatever names `@me`."""
    operation = request.operation
    if operation is None:
        return None
    needed = operation.authentication == "required" or ME in request.place.refs.values()
    if not needed:
        return None
    return found("" if request.authorization else f"{request.method} {request.path} without one")


@judge("client-stops-after-401")
def stops_after_401(request: Request, history: History) -> Found | None:
    """A token that was rejected is not sent any more."""
    if all(request.arrived < one.at for one in history.rejected.values()):
        return None
    rejected = history.rejected.get(request.authorization or "")
    if rejected is None or request.arrived < rejected.at:
        return KEPT
    return Found("the token with which a request had returned 401", (rejected.id,))
