"""The target: the server under test, and what the tester knows about it."""

from conformance.target.description import Target, describe
from conformance.target.preflight import (
    PreflightError,
    inspect,
    inspect_leniently,
    inspect_limited,
)
from conformance.target.profiles import Permission
from conformance.target.snapshot import ExistingObject, Snapshot
from conformance.target.target_file import ConfigurationError

__all__ = [
    "ConfigurationError",
    "ExistingObject",
    "Permission",
    "PreflightError",
    "Snapshot",
    "Target",
    "describe",
    "inspect",
    "inspect_leniently",
    "inspect_limited",
]
