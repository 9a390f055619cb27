"""Exchanges with the instants that a test chooses."""

from __future__ import annotations

import json
from typing import Any

from conformance.contract import load
from conformance.http import Exchange
from conformance.rate_limits.counts import Burst

BEGAN = 1_700_000_000.0  # UNIX time in seconds
REJECTED = {"message": "429: too many requests", "code": 0}


def response(
    status: int = 200,
    *,
    sent: float = 0,
    took: float = 0,
    body: Any = None,
    operation: str = "getSystem",
) -> Exchange:
    """Return an exchange that was sent `sent` milliseconds after the start, and took `took` milliseconds."""
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


def rejected(wait: Any = None, **words: Any) -> Exchange:
    """Return a 429 that asks to wait so many milliseconds, or has no `retry_after`."""
    reported = {} if wait is None else {"retry_after": wait}
    return response(429, body=REJECTED | reported, **words)


def burst(passed: int, sent: int, *, limit: int = 10, took: float = 0, **words: Any) -> Burst:
    """Return a burst of which `passed` requests passed; all but the last one are returned at once."""
    responses = [response() for _ in range(passed)]
    responses += [rejected(100) for _ in range(sent - passed - 1)]
    last = response(took=took) if passed == sent else rejected(100, took=took)
    responses = [*responses[: sent - 1], last]
    return Burst(limit, responses, latency=0.0, **words)
