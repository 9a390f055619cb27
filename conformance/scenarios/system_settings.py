"""The settings of the system: the values that PATCHes give them, and the PATCHes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.samples import sample
from conformance.http import ME
from conformance.scenarios.once import outcome_of, value_or_raise
from conformance.scenarios.settings_patches import OPPOSITE, SettingsPatches

if TYPE_CHECKING:
    from conformance.account import Account
    from conformance.contract import Contract, Field
    from conformance.http import Caller, Exchange, Outcome

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
    """PATCH the settings."""
    return account.owner.send("updateSystemSettings", ME, json=body)


class UnsetSettings:
    """The settings before the PATCHes, as each caller sees them: all are asked at once."""

    def __init__(self, account: Account) -> None:
        """Take the account; nothing is sent before the first view is asked for."""
        self.account = account
        self._views: dict[str, Exchange | Outcome] = {}

    def seen_by(self, caller: str) -> Exchange:
        """Return the settings as the owner, the other or an anonymous caller sees them."""
        self.look()
        return value_or_raise(self._views[caller])

    def look(self) -> None:
        """Send the requests, once; none for another system whose token is not known."""
        account = self.account
        known = [caller for caller in (account.other,) if caller.token is not None]
        for caller in () if self._views else (account.owner, account.anonymous, *known):
            self._views[caller.name] = outcome_of(partial(self._read, caller))

    def _read(self, caller: Caller) -> Exchange:
        return caller.send("getSystemSettings", {"systemId": self.account.system_id})


@pytest.fixture(scope="session")
def unset_settings(account: Account) -> UnsetSettings:
    """The settings as they are seen before the PATCHes of them."""
    return UnsetSettings(account)


@pytest.fixture(scope="session")
def settings_patches(
    account: Account, contract: Contract, unset_settings: UnsetSettings
) -> SettingsPatches:
    """The PATCHes that all checks of this module look at; what others see is read before the first of them."""

    def send(body: dict[str, Any]) -> Exchange:
        unset_settings.look()
        return patch(account, body)

    return SettingsPatches(lambda: read(account), send, settable(contract), PATCHES)
