"""How an account is before anything is done to it: its system cleared, and read for the model."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from conformance.http import ME, Outcome
from conformance.http.assertions import need_object
from conformance.properties import strategies
from conformance.properties.model import AccountState, Thing

if TYPE_CHECKING:
    from conformance.contract import Contract
    from conformance.properties.comparison import Arena


def clear(arena: Arena) -> None:
    """Clear the system: nothing set that can be null, nothing private."""
    arena.account.will_change("updateSystem")
    arena.budget.take()
    with contextlib.suppress(Outcome):
        arena.account.owner.send("updateSystem", ME, json=_blank(arena.contract))


def _blank(contract: Contract) -> dict[str, Any]:
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


def read(arena: Arena, linked: str | None = None) -> AccountState:
    """Read the system and its settings; `linked` is a Discord account that names it as well."""
    shown = need_object(arena.send("getSystem", "owner", ME))
    return AccountState(Thing.found(arena.contract, "System", shown), _settings(arena), linked)


def _settings(arena: Arena) -> dict[str, Any]:
    if "getSystemSettings" not in arena.contract.operations:
        return {}
    shown = need_object(arena.send("getSystemSettings", "owner", ME))
    keys = {field.key for field in arena.contract.fields_of("SystemSettings")}
    return {key: value for key, value in shown.items() if key in keys}
