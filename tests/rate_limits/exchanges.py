"""Exchanges whose instants a test says."""

from __future__ import annotations

import json
from typing import Any

from conformance.contract import load
from conformance.http import Exchange
from conformance.rate_limits.counts import Burst

BEGAN = 1_700_000_000.0  # UNIX time in seconds
REFUSED = {"message": "429: too many requests", "code": 0}


def answered(
    status: int = 200,
    *,
    sent: float = 0,
    took: float = 0,
    body: Any = None,
    operation: str = "getSystem",
) -> Exchange:
    """Return an exchange that was sent so many milliseconds after all began, and took so many."""
    return Exchange(
        id="e1",
        caller="owner",
        operation=load().operations[operation],
        method="GET",
        url="",
        request_headers={},
        request_body=None,
        status=status,
        headers={},
        text=json.dumps({} if body is None else body),
        milliseconds=took,
        sent=BEGAN + sent / 1000,
    )


def refused(wait: Any = None, **words: Any) -> Exchange:
    """Return a 429 that asks to wait so many milliseconds, or says nothing about that."""
    told = {} if wait is None else {"retry_after": wait}
    return answered(429, body=REFUSED | told, **words)


def burst(passed: int, sent: int, *, limit: int = 10, took: float = 0, **words: Any) -> Burst:
    """Return a burst of which so many passed, all answered at once but the last one."""
    answers = [answered() for _ in range(passed)]
    answers += [refused(100) for _ in range(sent - passed - 1)]
    last = answered(took=took) if passed == sent else refused(100, took=took)
    answers = [*answers[: sent - 1], last]
    return Burst(limit, answers, latency=0.0, **words)
