"""Hand-written checks, one module per rule of the docs.

A check is a function `check_...` whose docstring is the sentence it tests; `@requirement` names the ids of the catalogue
that it can refute, `@each` makes one check of every row of a table that comes from the contract.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.contract import Contract

# Cheap and read-only first; what uses up the rate limit last.
ORDER = (
    "empty_history",
    "authentication",
    "public_reads",
    "content_type",
    "user_agent",
    "null_fields",
    "post",
    "patch",
    "patch_surroundings",
    "lost_updates",
    "patch_bodies",
    "not_settable",
    "privacy_fields",
    "privacy_together",
    "privacy_lists",
    "spelled_paths",
    "ids",
    "accounts",
    "unknown_refs",
    "members",
    "groups",
    "memberships",
    "fronting",
    "deletion",
    "malformed",
    "switches",
    "switch_changes",
    "switch_deletion",
    "switch_paths",
    "switch_pages",
    "long_history",
    "settings",
    "public_settings",
    "guild_settings",
    "autoproxy",
    "messages",
    "message_privacy",
    "limits",
    "formats",
    "value_types",
    "error_details",
    "foreign",
    "refusals",
    "containers",
    "generated",
    "invalid",
    "unauthorized",
    "states",
    "mistakes",
    "sequences",
    "rate_limits",
    "rate_headers",
    "rate_refusals",
    "rate_at_launch",
)

requirement = pytest.mark.requirement
changes_system = pytest.mark.system


@dataclasses.dataclass(frozen=True)
class Row:
    """One row of a table: what the check gets, its name in reports, and the requirements that this row adds.

    `about` is the model and the key that the row is about, where its value does not show them.
    """

    value: Any
    id: str
    requirements: tuple[str, ...] = ()
    about: tuple[str, str] | None = None


def each(name: str, table: Callable[[Contract], Iterable[Row]]) -> pytest.MarkDecorator:
    """Run a check once for each row that `table` makes of the contract; the row's value is argument `name`."""
    return pytest.mark.each(name, table)


def position(module: str) -> int:
    """Return the place of a module in the order of a run."""
    return ORDER.index(module) if module in ORDER else len(ORDER) - 1
