"""The state of an account before the requests of a property: its system cleared, and read."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from conformance.http import ME, Outcome
from conformance.http.assertions import need_object
from conformance.properties import strategies
from conformance.properties.account_state import AccountState, EntityState

if TYPE_CHECKING:
    from conformance.contract import Contract
    from conformance.properties.sender import Sender


def clear(sender: Sender) -> None:
    """Clear the system: set to null what can be null, and all privacy to public."""
    sender.budget.take()
    with contextlib.suppress(Outcome):
        sender.account.owner.send("updateSystem", ME, json=_cleared(sender.contract))


def _cleared(contract: Contract) -> dict[str, Any]:
    sent = [f for f in contract.fields_of("System") if f.in_patch and f.nullable]
    keys = [
        row.key
        for row in contract.privacy_keys_of("System")
        if strategies.sends(contract, "System", row.key)
    ]
    cleared = {
        field.key: None
        for field in sent
        if (field.model, field.key) != strategies.NOT_CLEARED and field.key != "privacy"
    }
    return {**cleared, "privacy": dict.fromkeys(keys, "public")}


def read(sender: Sender, linked: str | None = None) -> AccountState:
    """Read the system and its settings; `linked` is a Discord account that names it as well."""
    shown = need_object(sender.send("getSystem", "owner", ME))
    return AccountState(
        EntityState.read(sender.contract, "System", shown), _settings(sender), linked
    )


def _settings(sender: Sender) -> dict[str, Any]:
    if "getSystemSettings" not in sender.contract.operations:
        return {}
    shown = need_object(sender.send("getSystemSettings", "owner", ME))
    keys = {field.key for field in sender.contract.fields_of("SystemSettings")}
    return {key: value for key, value in shown.items() if key in keys}
