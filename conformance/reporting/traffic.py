"""Requests over time: how many were sent in each second, by rate-limit scope, and how many of them were throttled."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.reporting.event_log import Run
    from conformance.reporting.events import Exchange

LONGEST_ROW = 600  # numbers; a longer run has steps of several seconds
_THROTTLED = 429


def traffic(run: Run) -> list[dict[str, Any]]:
    """Return a row for each scope, on the target and on the instance that is named for rate limits; none without `sent` in the log."""
    timed = [exchange for exchange in run.exchanges.values() if "sent" in exchange]
    if not timed:
        return []
    began = min(exchange["sent"] for exchange in timed)
    seconds = int(max(exchange["sent"] for exchange in timed) - began) + 1
    step = -(-seconds // LONGEST_ROW)
    base_url = run.started["target"]["base_url"]
    groups: dict[tuple[bool, str], list[Exchange]] = {}
    for exchange in timed:
        elsewhere = not exchange["url"].startswith(f"{base_url}/")
        groups.setdefault((elsewhere, exchange.get("scope", "")), []).append(exchange)
    rates = run.started.get("rates", {})
    places = -(-seconds // step)

    def counts(exchanges: list[Exchange]) -> list[int]:
        found = Counter(int(exchange["sent"] - began) // step for exchange in exchanges)
        return [found[number] for number in range(places)]

    return [
        {
            "scope": scope,
            "elsewhere": elsewhere,
            "limit": rates.get(scope),
            "step": step,
            "sent": counts(group),
            "throttled": counts([e for e in group if e["status"] == _THROTTLED]),
        }
        for (elsewhere, scope), group in sorted(groups.items(), key=lambda item: item[0])
    ]
