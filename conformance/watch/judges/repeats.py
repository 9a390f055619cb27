"""Habits about the same request, sent again and again. A write that succeeds begins all of it anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.watch.catalogue import settings_of
from conformance.watch.judges.judging import KEPT, Found, judge

if TYPE_CHECKING:
    from conformance.watch.history import History
    from conformance.watch.request import Request


@judge("client-no-retry-storms")
def makes_no_storm(request: Request, history: History) -> Found | None:
    """The same request does not come once more after several failures of it in a short time."""
    settings = settings_of("client-no-retry-storms")
    failures = history.failures_of(request)
    if not failures:
        return None
    recent = [one.id for one in failures if one.at > request.arrived - settings["seconds"]]
    if len(recent) < settings["times"]:
        return KEPT
    text = f"sent again after it had failed {settings['times']} times in {settings['seconds']} s"
    return Found(text, tuple(recent[-3:]))


@judge("client-no-polling")
def does_not_poll(request: Request, history: History) -> Found | None:
    """The same GET does not come once more after several equal responses in a short time."""
    settings = settings_of("client-no-polling")
    reads = history.equal_reads_of(request)
    if not reads:
        return None
    recent = [one.id for one in reads if one.at > request.arrived - settings["seconds"]]
    if len(recent) < settings["times"]:
        return KEPT
    text = f"read again after {settings['times']} equal responses in {settings['seconds']} s"
    return Found(text, tuple(recent[-3:]))
