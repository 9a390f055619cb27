"""Named ways in which the server breaks one rule each; a module per group of rules."""

from __future__ import annotations

from conformance.reference.faults import (
    authentication,
    content_type,
    error_details,
    foreign,
    forms,
    ids,
    limits,
    lists,
    memberships,
    messages,
    nulls,
    patch,
    post,
    privacy,
    rate_limit,
    readonly,
    settings,
    switches,
    texts,
    user_agent,
)
from conformance.reference.faults.registry import FAULTS, Fault, find_fault

__all__ = [
    "FAULTS",
    "Fault",
    "authentication",
    "content_type",
    "error_details",
    "find_fault",
    "foreign",
    "forms",
    "ids",
    "limits",
    "lists",
    "memberships",
    "messages",
    "nulls",
    "patch",
    "post",
    "privacy",
    "rate_limit",
    "readonly",
    "settings",
    "switches",
    "texts",
    "user_agent",
]
