"""Named ways in which the server breaks one rule each; a module per group of rules."""

from __future__ import annotations

from conformance.reference.faults import (
    authentication,
    content_type,
    lists,
    nulls,
    patch,
    post,
    privacy,
    rate_limit,
    readonly,
    user_agent,
)
from conformance.reference.faults.registry import FAULTS, Fault, find_fault

__all__ = [
    "FAULTS",
    "Fault",
    "authentication",
    "content_type",
    "find_fault",
    "lists",
    "nulls",
    "patch",
    "post",
    "privacy",
    "rate_limit",
    "readonly",
    "user_agent",
]
