"""The target: the server under test, and what the tester knows about it."""

from conformance.target.description import ConfigurationError, Target, describe
from conformance.target.preflight import (
    PreflightError,
    Snapshot,
    glance,
    inspect,
    inspect_limited,
)

__all__ = [
    "ConfigurationError",
    "PreflightError",
    "Snapshot",
    "Target",
    "describe",
    "glance",
    "inspect",
    "inspect_limited",
]
