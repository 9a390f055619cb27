"""Where PluralKit production deviates from its docs, each known deviation a small change to the server, by name.

Importing this package fills the registry. The numbers are those of the list of known deviations; those
that only a bot on Discord can cause are left out.
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
    launch_transport,
    listed,
    paths,
    rate_limit,
    responses,
    settings,
    switches,
    timestamps,
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
    "launch_transport",
    "listed",
    "paths",
    "rate_limit",
    "responses",
    "settings",
    "switches",
    "timestamps",
    "tokens",
    "transport",
    "values",
]
