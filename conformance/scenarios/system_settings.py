"""The settings of the system: the values that PATCHes give them, and the PATCHes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.samples import sample
from conformance.http import ME
from conformance.scenarios.settings_patches import OPPOSITE, SettingsPatches

if TYPE_CHECKING:
    from conformance.account import Account
    from conformance.contract import Contract, Field
    from conformance.http import Exchange
MODEL = "SystemSettings"
PATCHES = 5
A_DAY = 86_400  # seconds: more than 16 bits hold


def settable(contract: Contract) -> dict[str, list[Any]]:
    """Return the settings that a PATCH may carry, each with the values that it gives them."""
    return {field.key: _values(field) for field in contract.fields_of(MODEL) if field.in_patch}


def _values(field: Field) -> list[Any]:
    types = field.schema.get("type", ())
    if "boolean" in types:
        return [OPPOSITE]
    if "enum" in field.schema:
        return list(field.schema["enum"])[1:]  # the first is the default
    if "integer" in types:
        return [0, None, A_DAY]
    default = [field.schema["default"]] if "default" in field.schema else []
    return [sample(field, 0), sample(field, 1), *default]


def read(account: Account) -> Exchange:
    """Read the settings as the owner."""
    return account.owner.send("getSystemSettings", ME)


def patch(account: Account, body: dict[str, Any]) -> Exchange:
    """PATCH the settings; how they were is in the journal."""
    account.will_change("updateSystemSettings")
    return account.owner.send("updateSystemSettings", ME, json=body)


@pytest.fixture(scope="session")
def settings_patches(account: Account, contract: Contract) -> SettingsPatches:
    """The PATCHes that all checks of this module look at."""
    return SettingsPatches(
        lambda: read(account), lambda body: patch(account, body), settable(contract), PATCHES
    )
