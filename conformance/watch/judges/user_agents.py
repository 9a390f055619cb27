"""Habits about the User-Agent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.watch.catalogue import settings_of
from conformance.watch.judges.judging import Found, judge

if TYPE_CHECKING:
    from conformance.watch.history import History
    from conformance.watch.request import Request

ALL = "all"  # operations together: a client has one User-Agent
_PRODUCT = re.compile(r"[^\s/();,]+(?:/[^\s();,]*)?")  # a name, and its version
_COMMENT = re.compile(r"\([^()]*\)")


@judge("client-sends-user-agent")
def sends_one(request: Request, _: History) -> Found | None:
    """There is one, and it is not empty."""
    return Found("" if _agent(request) else "no User-Agent", row=ALL)


@judge("client-names-itself")
def names_itself(request: Request, _: History) -> Found | None:
    """Some product in it is none of a library or a runtime."""
    agent = _agent(request)
    if not agent:
        return None
    return Found(f"User-Agent: {agent}" if _is_default(agent) else "", row=ALL)


@judge("client-gives-contact")
def gives_contact(request: Request, _: History) -> Found | None:
    """It has something that looks like contact data."""
    agent = _agent(request)
    if not agent or _is_default(agent):
        return None
    contact = settings_of("client-gives-contact")["contact"]
    has_some = re.search(contact, agent, re.IGNORECASE)
    return Found("" if has_some else f"User-Agent: {agent}", row=ALL)


def _agent(request: Request) -> str:
    return str(request.headers.get("user-agent", "")).strip()


def _is_default(agent: str) -> bool:
    """Whether all products that a User-Agent names are libraries or runtimes."""
    libraries = settings_of("client-names-itself")["libraries"]
    names = [one.partition("/")[0].lower() for one in _PRODUCT.findall(_COMMENT.sub("", agent))]
    return all(name in libraries for name in names)
