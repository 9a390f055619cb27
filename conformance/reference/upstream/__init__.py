"""Where upstream's own server departs from its docs, each departure a small change by name.

Importing this package fills the registry. The numbers are those of the known differences; what
only a bot on Discord can bring about is left out.
"""

from __future__ import annotations

from conformance.reference.upstream import (
    bodies,
    conversion,
    database,
    discord,
    earlier,
    launch,
    launch_privacy,
    listed,
    rate_limit,
    responses,
    switches,
    tokens,
    transport,
    values,
)
from conformance.reference.upstream.registry import (
    DEPARTURES,
    EARLIER,
    LATEST,
    Departure,
    WrongRevision,
    depart,
    departures_of,
)

__all__ = [
    "DEPARTURES",
    "EARLIER",
    "LATEST",
    "Departure",
    "WrongRevision",
    "bodies",
    "conversion",
    "database",
    "depart",
    "departures_of",
    "discord",
    "earlier",
    "launch",
    "launch_privacy",
    "listed",
    "rate_limit",
    "responses",
    "switches",
    "tokens",
    "transport",
    "values",
]
