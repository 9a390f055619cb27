"""Habits about the same request, sent again and again. A write that succeeds begins all of it anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.watch.catalogue import settings_of
from conformance.watch.judges.judging import KEPT, Found, judge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.watch.history import History, Moment
    from conformance.watch.request import Request


@judge("client-no-retry-storms")
def makes_no_storm(request: Request, history: History) -> Found | None:
    """The same request does not come once more after several failures of it in a short time."""
    settings = settings_of("client-no-retry-storms")
    text = f"sent again after it had failed {settings['times']} times in {settings['seconds']} s"
    return _found(request, history.failures_of(request), settings, text)


@judge("client-no-polling")
def does_not_poll(request: Request, history: History) -> Found | None:
    """The same GET does not come once more after several equal responses in a short time."""
    settings = settings_of("client-no-polling")
    text = f"read again after {settings['times']} equal responses in {settings['seconds']} s"
    return _found(request, history.equal_reads_of(request), settings, text)


def _found(
    request: Request, same: Sequence[Moment], settings: Mapping[str, Any], text: str
) -> Found | None:
    """Return what is found of a request that came before: None the first time."""
    if not same:
        return None
    recent = [one.id for one in same if one.at > request.arrived - settings["seconds"]]
    return Found(text, tuple(recent[-3:])) if len(recent) >= settings["times"] else KEPT
