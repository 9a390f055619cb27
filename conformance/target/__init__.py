"""The target: the server under test, and what the tester knows about it."""

from conformance.target.description import ConfigurationError, Target, describe
from conformance.target.preflight import (
    PreflightError,
    inspect,
    inspect_leniently,
    inspect_limited,
)
from conformance.target.snapshot import ExistingObject, Snapshot

__all__ = [
    "ConfigurationError",
    "ExistingObject",
    "PreflightError",
    "Snapshot",
    "Target",
    "describe",
    "inspect",
    "inspect_leniently",
    "inspect_limited",
]
