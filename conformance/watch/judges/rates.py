"""Habits about rate limits, by scope and token, at the times at which requests arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.watch.catalogue import settings_of
from conformance.watch.judges.judging import Found, judge

if TYPE_CHECKING:
    from conformance.watch.history import History
    from conformance.watch.request import Request


@judge("client-keeps-rate")
def keeps_rate(request: Request, history: History) -> Found | None:
    """No stretch of time has more requests than the limit lets through.

    Nobody knows where a second of the server begins: what comes within `n` seconds falls into at most `n + 1` of them.
    """
    scope = request.place.scope
    limit = request.contract.rate_limits.get(scope)
    if limit is None:
        return None
    settings = settings_of("client-keeps-rate")
    before = history.arrivals_like(request)
    for seconds in range(1, settings["longest"] + 1):
        since = request.arrived - seconds + settings["margin"]
        within = [one.id for one in before if one.at > since]
        if len(within) + 1 > (seconds + 1) * limit:
            unit = "a second" if seconds == 1 else f"{seconds} seconds"
            text = f"more than {(seconds + 1) * limit} requests within {unit}, of {limit} a second"
            return Found(text, tuple(within[-3:]), row=scope)
    return Found(row=scope)


@judge("client-heeds-retry-after")
def heeds_retry_after(request: Request, history: History) -> Found | None:
    """What comes after a 429 waits as long as it says."""
    wait = history.wait_of(request)
    if wait is None or request.arrived < wait.since:
        return None
    early = wait.until - request.arrived
    if early <= settings_of("client-heeds-retry-after")["margin"]:
        return Found(row=request.place.scope)
    after = round((request.arrived - wait.since) * 1000)
    asked = round((wait.until - wait.since) * 1000)
    text = f"sent {after} ms after a 429 that asks for {asked} ms"
    return Found(text, (wait.id,), row=request.place.scope)
