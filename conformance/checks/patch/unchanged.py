"""A PATCH that changes nothing: its keys have the values that are there (docs: models#models, endpoints).

Nothing in the docs makes a value wrong because it is there already, but for the members of a switch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.contract.value_types import fits
from conformance.http import ME
from conformance.http.assertions import described, expect, expect_status, need_object
from conformance.http.outcomes import Wording
from conformance.scenarios.patch_sequence import UNKNOWN_KEY
from conformance.scenarios.system_settings import patch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.scenarios.equal_values import EqualValues
    from conformance.scenarios.system_settings import UnsetSettings

MODELS = ("System", "Member", "Group")
SETTINGS = "SystemSettings"


def models(contract: Contract) -> Iterator[Row]:
    """Rows for what has a PATCH of its own, with the requirement on its response."""
    for model in MODELS:
        yield Row(model, model.lower(), contract.named("returns", operation=f"update{model}"))


def current(contract: Contract, model: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return the keys of a body that a PATCH may carry, with their values; null, which takes a value away, and privacy are left out."""
    fields = [field for field in contract.fields_of(model) if field.in_patch]
    known = [
        field for field in fields if field.key != "privacy" and body.get(field.key) is not None
    ]
    return {field.key: body[field.key] for field in known if fits(field, body[field.key])}


@each("model", models)
def check_values_that_are_there_are_accepted(
    model: str, equal_values: EqualValues, account: Account, contract: Contract
) -> None:
    """A PATCH with the values that are there returns 200."""
    if model == "System":
        refs, before = ME, account.owner.send("getSystem", ME)
    else:
        refs, before = equal_values.made(model).refs, equal_values.read_again(model)
    body = current(contract, model, need_object(before))
    exchange = account.owner.send(f"update{model}", refs, json=body)
    expect_status(exchange, 200)


@requirement("update-settings-returns-settings", "patch-needs-a-valid-key")
def check_settings_that_are_there_are_accepted(
    account: Account, contract: Contract, unset_settings: UnsetSettings
) -> None:
    """A PATCH with the settings that are there returns 200, also with an unknown key beside them."""
    body = current(contract, SETTINGS, need_object(unset_settings.seen_by("owner")))
    exchange = patch(account, body | UNKNOWN_KEY)
    if exchange.ok:
        return
    expect_status(patch(account, body), 200, violates=("update-settings-returns-settings",))
    expect(
        f"{exchange.label} with an unknown key beside others",
        holds=exchange.ok,
        expected=Wording("accepted, as without that key"),
        actual=described(exchange),
        exchange=exchange,
        violates=("patch-needs-a-valid-key",),
    )
