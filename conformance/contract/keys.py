"""Every key of every model that a response can carry, with what the contract says of it. `fields` has those of settable models alone."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from conformance.contract.fields import REQUEST_SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.document import Schema
    from conformance.contract.loading import Contract

PRIVACY = "Privacy"
# Which body a PATCH sends to change the keys of which model; None where there is none.
PATCHES: dict[str, str | None] = {
    **{model: patch for model, (_, patch) in REQUEST_SCHEMAS.items()},
    **{f"{model}{PRIVACY}": f"{model}{PRIVACY}Patch" for model in ("System", "Member", "Group")},
    "ProxyTag": "ProxyTagInput",
    "SwitchWithIds": "SwitchPatch",
    "SwitchWithMembers": "SwitchPatch",
    "Message": None,
}


@dataclasses.dataclass(frozen=True)
class Key:
    """One key of one model: what it may be, and what a PATCH does to it.

    `settable` and `clearable` say whether a PATCH takes a value and null, `alone` whether it takes no other key, `limited`
    whether the docs limit its length, `nested` whether it is an object with keys of its own here, `hidden_by` as in Field.
    """

    model: str
    key: str
    nullable: bool
    settable: bool
    clearable: bool
    alone: bool
    limited: bool
    nested: bool
    hidden_by: str | None

    @property
    def is_switch_of_privacy(self) -> bool:
        """Whether it is itself the key that hides others."""
        return self.model.endswith(PRIVACY)

    @property
    def is_part_of_list(self) -> bool:
        """Whether it belongs to an entry of a list, which a PATCH replaces as a whole."""
        return self.model == "ProxyTag"


def read_keys(contract: Contract) -> Iterator[Key]:
    """Yield the keys of all models that the revision has, in the order of `PATCHES`."""
    schemas = contract.document["components"]["schemas"]
    for model, patch in PATCHES.items():
        settable = _properties(contract, patch)
        for key, node in schemas.get(model, {}).get("properties", {}).items():
            schema = contract.resolve(node)
            yield Key(
                model=model,
                key=key,
                nullable=_nullable(contract, schema),
                settable=key in settable,
                clearable=_nullable(contract, settable.get(key, {})),
                alone=len(settable) == 1,
                limited=key in settable and "maxLength" in schema,
                nested=f"{model}{PRIVACY}" in PATCHES and key == PRIVACY.lower(),
                hidden_by=schema.get("x-privacy-key"),
            )


def _properties(contract: Contract, name: str | None) -> dict[str, Schema]:
    schemas = contract.document["components"]["schemas"]
    body = contract.resolve(schemas.get(name, {})) if name else {}
    return {key: contract.resolve(node) for key, node in body.get("properties", {}).items()}


def _nullable(contract: Contract, schema: Schema) -> bool:
    choices = schema.get("anyOf", schema.get("oneOf"))
    if choices is not None and "type" not in schema:
        return any(_nullable(contract, contract.resolve(choice)) for choice in choices)
    return "null" in schema.get("type", ())
