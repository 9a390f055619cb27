"""The target: the server under test, and what the tester knows about it."""

from conformance.target.description import ConfigurationError, Target, describe
from conformance.target.preflight import (
    PreflightError,
    Snapshot,
    inspect,
    inspect_leniently,
    inspect_limited,
)

__all__ = [
    "ConfigurationError",
    "PreflightError",
    "Snapshot",
    "Target",
    "describe",
    "inspect",
    "inspect_leniently",
    "inspect_limited",
]
