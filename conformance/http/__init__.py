"""The wire: one HTTP client for all callers, with recording, redaction, pacing and the guard.

What a reply must look like is said with `conformance.http.assertions`; what is created on the target is kept in `account`.
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
