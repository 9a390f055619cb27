"""The wire: one HTTP client for all callers, with recording, redaction, pacing and the guard.

What a reply must look like is said with `conformance.wire.expectation`; what is created on the target is kept in `world`.
"""

from conformance.wire.bursts import Shot, fire
from conformance.wire.caller import ME, Caller
from conformance.wire.client import Client
from conformance.wire.exchange import Exchange
from conformance.wire.guard import Guard, GuardError
from conformance.wire.outcomes import (
    AsUpstream,
    Inconclusive,
    NotApplicable,
    Outcome,
    Refuted,
    Unmet,
)
from conformance.wire.redaction import Redactor

__all__ = [
    "ME",
    "AsUpstream",
    "Caller",
    "Client",
    "Exchange",
    "Guard",
    "GuardError",
    "Inconclusive",
    "NotApplicable",
    "Outcome",
    "Redactor",
    "Refuted",
    "Shot",
    "Unmet",
    "fire",
]
