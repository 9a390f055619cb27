"""Hand-written checks, one module per rule of the docs.

A check is a function `check_...` whose docstring is the requirement it tests; `@requirement` names the ids of the catalogue
that it can refute, `@each` makes one check of every row of a table that comes from the contract.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.contract import Contract
    from conformance.contract.rows import Row

# Cheap and read-only first; what uses up the rate limit last.
ORDER = (
    "switches/empty_history",
    "privacy/empty_lists",
    "auth/authentication",
    "auth/tokens_in_other_forms",
    "auth/named_systems",
    "auth/public_reads",
    "requests/content_type",
    "user_agent/user_agent",
    "fields/nulls",
    "fields/types",
    "post/defaults",
    "patch/keys",
    "patch/side_effects",
    "patch/concurrent",
    "patch/bodies",
    "patch/null_privacy",
    "patch/equal_values",
    "patch/unchanged",
    "fields/read_only",
    "privacy/fields",
    "privacy/objects",
    "privacy/combinations",
    "privacy/visibility",
    "privacy/lists",
    "privacy/open_lists",
    "ids/paths",
    "ids/ids",
    "systems/accounts",
    "errors/unknown_refs",
    "members/lists",
    "groups/lists",
    "groups/queries",
    "memberships/edits",
    "memberships/long_lists",
    "memberships/listed_refs",
    "requests/reads_after_writes",
    "switches/renamed_fronter",
    "members/deletion",
    "members/left_after_deletion",
    "errors/malformed_bodies",
    "switches/switches",
    "switches/creation",
    "switches/repeated_members",
    "switches/changes",
    "switches/members",
    "switches/side_by_side",
    "switches/deletion",
    "switches/paths",
    "switches/pages",
    "switches/queries",
    "switches/times",
    "switches/long_history",
    "settings/unset",
    "settings/settings",
    "settings/read_only",
    "settings/public",
    "guilds/settings",
    "patch/settings_alone",
    "autoproxy/settings",
    "autoproxy/patches",
    "autoproxy/queries",
    "autoproxy/empty_patches",
    "messages/messages",
    "messages/privacy",
    "fields/limits",
    "fields/formats",
    "patch/beside_values",
    "fields/texts",
    "fields/open_values",
    "post/values",
    "post/twins",
    "errors/details",
    "auth/other_systems",
    "errors/every_error",
    "fields/containers",
    "members/long_lists",
    "properties/valid_requests",
    "properties/invalid_requests",
    "properties/unauthorized",
    "properties/privacy_states",
    "properties/mistakes",
    "properties/sequences",
    "requests/labels",
    "errors/server_errors",
    "rate_limits/limits",
    "rate_limits/headers",
    "rate_limits/rejections",
    "rate_limits/launch",
)

requirement = pytest.mark.requirement


def each(name: str, table: Callable[[Contract], Iterable[Row]]) -> pytest.MarkDecorator:
    """Run a check once for each row that `table` makes of the contract; the row's value is argument `name`."""
    return pytest.mark.each(name, table)


def position(module: str) -> int:
    """Return the place of a module in the order of a run."""
    return ORDER.index(module) if module in ORDER else len(ORDER) - 1
