"""Settings that no PATCH sets, and defaults that the API does not use (docs: models#system-settings-model)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import each, requirement
from conformance.contract.rows import Row, table_of
from conformance.http import PreconditionFailed
from conformance.http.assertions import expect_value, need_object
from conformance.scenarios.system_settings import MODEL, patch, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract, Field
    from conformance.http import Exchange
    from conformance.scenarios.settings_patches import SettingsPatches
    from conformance.scenarios.shown_entities import ShownEntities


FORBIDDEN_LIMIT = 12345
KINDS = ("member", "group")
PRIVATE = "description_privacy"  # a key that both kinds have


def limits(contract: Contract) -> Iterator[Row]:
    """Rows for the settings that nobody can set."""
    for field in contract.fields_of(MODEL):
        rules = contract.named("read_only", model=MODEL, key=field.key)
        if rules:
            yield Row(field, field.key, rules)


@pytest.fixture(scope="session")
def after_limits(account: Account, contract: Contract) -> tuple[dict[str, Any], Exchange]:
    """The settings before and after a PATCH that names those which nobody can set, beside one that can be."""
    before = need_object(read(account))
    names = [row.id for row in limits(contract)]
    body = dict.fromkeys(names, FORBIDDEN_LIMIT)
    patch(account, {"pings_enabled": before.get("pings_enabled") is True, **body})
    after = read(account)
    set_by_it = {
        key: before.get(key) for key in names if need_object(after).get(key) == FORBIDDEN_LIMIT
    }
    if set_by_it:
        patch(account, set_by_it | {"pings_enabled": before.get("pings_enabled") is True})
    return before, after


@each("field", limits)
def check_limit_cannot_be_set(field: Field, after_limits: tuple[dict[str, Any], Exchange]) -> None:
    """A PATCH with the limit beside a valid key does not change the limit."""
    before, exchange = after_limits
    actual = need_object(exchange).get(field.key)
    expect_value(exchange, f"{field.key} after a PATCH", actual, before.get(field.key))


@pytest.fixture(scope="session")
def private_by_default(
    account: Account, settings_patches: SettingsPatches, minimal_entities: ShownEntities
) -> Exchange:
    """The PATCH that makes new members and groups private by default; the minimal entities were created before it."""
    del minimal_entities
    settings_patches.all_steps()
    return patch(account, {f"{kind}_default_private": True for kind in KINDS})


@requirement("settings-default-private-not-for-api")
@each("kind", table_of(KINDS))
def check_default_private_is_not_for_the_api(
    kind: str, private_by_default: Exchange, account: Account, minimal_entities: ShownEntities
) -> None:
    """A member or group created here has the same privacy whether or not the settings say private by default."""
    usual = (minimal_entities.members if kind == "member" else minimal_entities.groups)[0]
    if need_object(private_by_default).get(f"{kind}_default_private") is not True:
        reason = f"{kind}_default_private could not be set"
        raise PreconditionFailed(reason, private_by_default)
    make = account.member if kind == "member" else account.group
    made, named = make(), usual.body.get("privacy")
    expect_value(made.created, "privacy of the new one", made.body.get("privacy"), named)
    if isinstance(named, dict):
        hidden = {PRIVATE: "private"}
        made = make(privacy=hidden)
        actual = made.body.get("privacy")
        expect_value(made.created, "privacy of one with a private key", actual, {**named, **hidden})
