"""HTTP: one client for all callers, with recording, redaction, pacing and the guard against writes to what is not the run's own.

Assertions about responses are in `conformance.http.assertions`; what a run creates on the target is in `account`.
"""

from conformance.http.caller import ME, Caller
from conformance.http.client import Client
from conformance.http.exchange import Exchange
from conformance.http.guard import Guard, GuardError
from conformance.http.outcomes import (
    AsUpstream,
    Inconclusive,
    NotApplicable,
    Outcome,
    PreconditionFailed,
    Refuted,
)
from conformance.http.redaction import Redactor

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
    "PreconditionFailed",
    "Redactor",
    "Refuted",
]
