"""Which requirements of the docs a difference refutes. Knows the catalogue, nothing of requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.contract import Contract
    from conformance.contract.conformity import Misfit

UNKNOWN_REF = {
    "System": "err-20001",
    "Member": "err-20002",
    "Group": "err-20004",
    "Switch": "err-20008",
}
NOT_YOURS = {"Member": "err-30006", "Group": "err-30007"}

_MODELS = {
    "Systems": ("System",),
    "Members": ("Member",),
    "Groups": ("Group",),
    "Memberships": ("Member", "Group"),
    "Switches": ("SwitchWithMembers", "SwitchWithIds", "Member"),
    "Messages": ("Message",),
    "Settings": (
        "SystemSettings",
        "SystemGuildSettings",
        "MemberGuildSettings",
        "AutoproxySettings",
    ),
}
# Of some writes no requirement says what they return, but what they do.
_INSTEAD = ("create-switch-becomes-fronters", "update-switch-timestamp", "update-switch-members")
_OF_THE_OWNER = {
    "privacy": "privacy-object-null-for-others",
    "autoproxy_enabled": "autoproxy-enabled-own-system-only",
}


def known(contract: Contract, *rules: str) -> tuple[str, ...]:
    """Return those of the ids that the catalogue has at this revision, once each."""
    return tuple(dict.fromkeys(rule for rule in rules if rule in contract.requirements))


def returned(contract: Contract, operation: str) -> tuple[str, ...]:
    """Return the requirements that say what an operation returns when it succeeds, or what it does."""
    own = [row.id for row in contract.requirements.values() if operation in row.operations]
    found = [rule for rule in own if _says_what_is_returned(rule)]
    return tuple(found or [rule for rule in own if rule in _INSTEAD])


def _says_what_is_returned(rule: str) -> bool:
    return "-returns-" in rule or rule.endswith(("-204", "get-settings-owner"))


def of_key(contract: Contract, model: str, keys: Iterable[str]) -> tuple[str, ...]:
    """Return the requirements on what these keys of a model are."""
    return tuple(rule for key in keys for rule in contract.about(model=model, key=key))


def of_missing_key(contract: Contract, *, expected_null: bool, owner: bool) -> tuple[str, ...]:
    """Return what a response violates that lacks a documented key."""
    rules = ["responses-contain-all-keys"]
    if expected_null:
        rules.append("missing-value-is-null")
    if not owner:
        rules.append("private-field-keeps-key")
    return known(contract, *rules)


def of_shown_secret(contract: Contract, model: str, privacy: str, key: str) -> tuple[str, ...]:
    """Return what a response violates that shows others a key which `privacy` hides."""
    if privacy == "owner":
        return known(contract, _OF_THE_OWNER.get(key, ""))
    of_field = contract.about(model=model, privacy=privacy, key=key)
    if of_field and all(contract.requirements[name].level != "must" for name in of_field):
        return of_field
    of_privacy = contract.about(model=model, privacy=privacy)
    return (*of_privacy, *of_field, *known(contract, "private-field-is-null"))


def of_stored(contract: Contract, model: str, value: object, *, private: bool) -> tuple[str, ...]:
    """Return what a read violates that does not show what a PATCH stored under a key."""
    rules = [f"update-{_word(model)}-persists"]
    if private:
        rules.append(
            {"private": "privacy-set-private", "public": "privacy-set-public"}.get(
                str(value), "privacy-null-means-public"
            )
        )
    elif value is None:
        rules.append("patch-null-clears-value")
    return known(contract, *rules)


def of_returned(contract: Contract, model: str, value: object, *, private: bool) -> tuple[str, ...]:
    """Return what the response to a PATCH violates that does not show what its body set."""
    stored = of_stored(contract, model, value, private=private)
    return (*known(contract, f"update-{_word(model)}-returns-{_word(model)}"), *stored[1:])


def _word(model: str) -> str:
    return "settings" if model == "SystemSettings" else model.lower()


def of_form(contract: Contract, operation: str, found: Misfit) -> tuple[str, ...]:
    """Return what a response violates that does not fit the schema of its operation."""
    words = found.path.replace("]", "").replace("[", ".").split(".")
    models = _MODELS.get(contract.operations[operation].tag, ())
    keys = [word for word in words if not word.isdigit()]
    rules = [rule for model in models for rule in of_key(contract, model, keys)]
    if found.forbidden_null:
        rules.append("non-nullable-type-not-null")
    if "privacy" in keys:
        rules.append("privacy-values-public-private")
    if "uuid" in keys:
        rules.append("uuid-format")
    return known(contract, *rules) or returned(contract, operation)


def of_values(contract: Contract, model: str, body: Mapping[str, object]) -> tuple[str, ...]:
    """Return what the rejection of a valid body violates."""
    return (*returned(contract, f"update{model}"), *of_key(contract, model, body))
