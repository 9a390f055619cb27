"""Faults: the length of the list of switches, and its pages."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from datetime import datetime

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Switch, System
    from conformance.reference.steps import Original


def _change_limit(server: Server, kept: int | None, *, shifted: int = 0) -> None:
    """Take another limit than the one asked for."""
    wrap(server.queries, "limit", lambda original, call: (kept or original(call)) + shifted)


@fault("get-switches-limit")
def switches_ignore_limit(server: Server) -> None:
    """The list of switches ignores limit."""
    _change_limit(server, 100)


@fault("get-switches-limit")
def switches_list_one_too_many(server: Server) -> None:
    """The list of switches holds one more than limit."""
    _change_limit(server, None, shifted=1)


@fault("get-switches-limit")
def switches_list_one_too_few(server: Server) -> None:
    """The list of switches holds one less than limit."""
    _change_limit(server, None, shifted=-1)


@fault("get-switches-pagination", step="lists.switches")
def switches_page_from_oldest(
    _original: Original, system: System, before: datetime, limit: int
) -> list[Switch]:
    """The list of switches begins with the oldest."""
    return [row for row in system.switches if row.timestamp < before][:limit]


@fault("get-switches-pagination", step="queries.before")
def switches_page_skips_one(original: Original, call: Call) -> datetime:
    """Each page of switches leaves out the one right before it."""
    found: datetime = original(call)
    return found - timedelta(seconds=61)


@fault("get-switches-limit-default-100", step="queries.limit")
def switches_default_to_50(original: Original, call: Call) -> int:
    """The list of switches holds 50 when limit is left out."""
    asked: int = original(call)
    return asked if "limit" in call.query else 50


def _set_maximum(server: Server, most: int) -> None:
    def limit(original: Original, call: Call) -> int:
        asked: int = original(call)
        return min(int(call.query.get("limit", asked)), most)

    wrap(server.queries, "limit", limit)


@fault("get-switches-max-100")
def switches_have_no_cap(server: Server) -> None:
    """The list of switches has as many as limit asks for, without a maximum."""
    _set_maximum(server, 10**9)


@fault("get-switches-max-100")
def switches_are_capped_one_higher(server: Server) -> None:
    """The list of switches can have 101."""
    _set_maximum(server, 101)


@fault("get-switches-limit", step="queries.limit")
def switches_are_capped_at_50(original: Original, call: Call) -> int:
    """The list of switches has at most 50 where limit asks for more."""
    asked: int = original(call)
    return min(asked, 50) if "limit" in call.query else asked


@fault("get-switches-limit", step="queries.limit")
def takes_limit_of_none_for_missing(original: Original, call: Any) -> object:
    """The list of switches holds as many with limit=0 as without limit."""
    return original(call) or 100


def _set_default(limit: int, original: Original, call: Call) -> int:
    return int(original(call)) if "limit" in call.query else limit


for _limit in (25, 50):
    add(
        f"lists_{_limit}_switches_by_default",
        f"Without a limit the list of switches ends after {_limit}.",
        ["get-switches-limit-default-100"],
        partial(_set_default, _limit),
        step="queries.limit",
    )


@fault("get-switches-limit", "get-switches-max-100", step="queries.limit")
def limit_of_100_is_rejected(original: Original, call: Call) -> Any:
    """The list of switches is rejected with limit=100."""
    if call.query.get("limit") == "100":
        raise Rejected(Problem.BAD_REQUEST, "limit is below 100")
    return original(call)


@fault("get-switches-limit", step="queries.limit")
def limit_needs_before(original: Original, call: Call) -> Any:
    """The list of switches keeps to limit only where before is given, too."""
    asked = original(call)
    return asked if "before" in call.query else 100


@fault("get-switches-limit-default-100", step="queries.limit")
def limit_with_before_is_50(original: Original, call: Call) -> Any:
    """Before a time the list of switches ends after 50, unless limit is given."""
    asked = original(call)
    return 50 if "before" in call.query and "limit" not in call.query else asked


@fault("get-switches-before", step="queries.before")
def before_has_whole_seconds(original: Original, call: Call) -> datetime:
    """The fraction of a second of before does not count."""
    asked: datetime = original(call)
    return asked.replace(microsecond=0) if "before" in call.query else asked
