"""PATCHes of settings that are rejected (docs: errors)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.http import NotApplicable
from conformance.http.assertions import (
    expect_value,
    need_object,
)
from conformance.scenarios.sent_values import expect_error_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.scenarios.settings_patches import (
        SettingsPatch,
        SettingsPatches,
    )


HTTP_BAD_REQUEST = 400
NO_ZONE = "Nowhere/At_All"


@pytest.fixture(scope="session")
def rejection(settings_patches: SettingsPatches) -> SettingsPatch:
    """A PATCH with a time zone that does not exist, beside a valid setting."""
    settings_patches.all_steps()
    before = settings_patches.last()
    body = {"timezone": NO_ZONE, "pings_enabled": before.get("pings_enabled") is False}
    return settings_patches.step(body, before)


def beside_rejected(contract: Contract) -> Iterator[Row]:
    """Rows for the settings that a rejected PATCH would change; the launch has no settings."""
    if "updateSystemSettings" in contract.operations:
        yield Row("pings_enabled", "pings_enabled")


@requirement("errors-are-4xx-json")
@each("key", beside_rejected)
def check_rejected_patch_of_settings_is_not_carried_out_in_part(
    key: str, rejection: SettingsPatch
) -> None:
    """Of a PATCH of settings that is rejected for one of them nothing is stored, not its valid keys either."""
    if rejection.patch.ok:
        reason = f"{rejection.patch.label} was not rejected"
        raise NotApplicable(reason, rejection.patch)
    actual, before = need_object(rejection.after).get(key), rejection.before.get(key)
    expect_value(rejection.after, f"{key} after a rejected PATCH", actual, before)


@requirement("err-40001")
def check_rejected_setting_has_code_40001(rejection: SettingsPatch) -> None:
    """A setting that is rejected with a 400 has the code of values that cannot be read, and `errors` names its key."""
    exchange = rejection.patch
    if exchange.status != HTTP_BAD_REQUEST:
        reason = f"{exchange.label} did not return {HTTP_BAD_REQUEST}"
        raise NotApplicable(reason, exchange)
    expect_error_names(exchange, "timezone")
