"""Where PluralKit production deviates from its docs, each known deviation a small change by name.

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
    DEVIATIONS,
    EARLIER,
    LATEST,
    Deviation,
    WrongRevision,
    deviate,
    deviations_of,
)

__all__ = [
    "DEVIATIONS",
    "EARLIER",
    "LATEST",
    "Deviation",
    "WrongRevision",
    "bodies",
    "conversion",
    "database",
    "deviate",
    "deviations_of",
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
