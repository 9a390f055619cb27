"""Which requirements a wrong response violates. Nothing is sent from here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.properties.requirement_ids import EFFECT, SHOWN_TO_OWNER_ONLY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.contract import Contract
    from conformance.contract.conformity import Misfit

# The models of which something may stand in a response, by the tag of its operation.
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
_PRIVACY_STORED = {"private": "privacy-set-private", "public": "privacy-set-public"}


def known(contract: Contract, *ids: str) -> tuple[str, ...]:
    """Return those of the ids that the catalogue has at this revision, once each."""
    return tuple(dict.fromkeys(one for one in ids if one in contract.requirements))


def returned(contract: Contract, operation: str) -> tuple[str, ...]:
    """Return the requirements that say what an operation returns when it succeeds, or what it does: without content only where nothing else is."""
    return (
        contract.named("returns", operation=operation)
        or contract.named("no_content", operation=operation)
        or known(contract, EFFECT.get(operation, ""))
    )


def of_code(contract: Contract, code: int) -> tuple[str, ...]:
    """Return the requirement on an error code, if the revision documents it."""
    return contract.named("error_code", code=code)


def of_key(contract: Contract, model: str, keys: Iterable[str]) -> tuple[str, ...]:
    """Return the requirements on what these keys of a model are."""
    return tuple(one for key in keys for one in contract.about(model=model, key=key))


def of_missing_key(contract: Contract, *, expected_null: bool, owner: bool) -> tuple[str, ...]:
    """Return what a response violates that lacks a documented key."""
    ids = ["responses-contain-all-keys"]
    if expected_null:
        ids.append("missing-value-is-null")
    if not owner:
        ids.append("private-field-keeps-key")
    return known(contract, *ids)


def of_shown_secret(contract: Contract, model: str, privacy: str, key: str) -> tuple[str, ...]:
    """Return what a response violates that shows others a key which `privacy` hides."""
    if privacy == "owner":
        return known(contract, SHOWN_TO_OWNER_ONLY.get(key, ""))
    of_field = contract.about(model=model, privacy=privacy, key=key)
    if of_field and all(contract.requirements[name].level != "must" for name in of_field):
        return of_field
    of_privacy = contract.about(model=model, privacy=privacy)
    return (*of_privacy, *of_field, *known(contract, "private-field-is-null"))


def of_stored(contract: Contract, model: str, value: object, *, private: bool) -> tuple[str, ...]:
    """Return what a read violates that does not show what a PATCH stored under a key; `private`: under a privacy key."""
    stored = contract.named("persists", operation=f"update{model}")
    return (*stored, *known(contract, *_of_value(value, private=private)))


def of_returned(contract: Contract, model: str, value: object, *, private: bool) -> tuple[str, ...]:
    """Return what the response to a PATCH violates that does not show what its body set."""
    in_response = returned(contract, f"update{model}")
    return (*in_response, *known(contract, *_of_value(value, private=private)))


def _of_value(value: object, *, private: bool) -> tuple[str, ...]:
    if private:
        return (_PRIVACY_STORED.get(str(value), "privacy-null-means-public"),)
    return ("patch-null-clears-value",) if value is None else ()


def of_misfit(contract: Contract, operation: str, found: Misfit) -> tuple[str, ...]:
    """Return what a response violates that does not fit the schema of its operation."""
    parts = found.path.replace("]", "").replace("[", ".").split(".")
    models = _MODELS.get(contract.operations[operation].tag, ())
    keys = [part for part in parts if not part.isdigit()]
    ids = [one for model in models for one in of_key(contract, model, keys)]
    if found.forbidden_null:
        ids.append("non-nullable-type-not-null")
    if "privacy" in keys:
        ids.append("privacy-values-public-private")
    if "uuid" in keys:
        ids.append("uuid-format")
    own = [
        one for one in known(contract, *ids) if operation in contract.requirements[one].operations
    ]
    return tuple(own) or known(contract, *returned(contract, operation), *ids)


def of_values(contract: Contract, model: str, body: Mapping[str, object]) -> tuple[str, ...]:
    """Return what the rejection of a valid body violates."""
    return (*returned(contract, f"update{model}"), *of_key(contract, model, body))
