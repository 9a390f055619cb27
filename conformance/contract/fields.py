"""The field table: what the contract says of each key of each model."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from conformance.contract.document import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract.document import Json, Schema

MISSING = object()
OWNER_ONLY = "owner"

# Which request body carries the keys of which model: POST, then PATCH.
REQUEST_SCHEMAS = {
    "System": (None, "SystemPatch"),
    "Member": ("MemberCreate", "MemberPatch"),
    "Group": ("GroupCreate", "GroupPatch"),
    "SystemSettings": (None, "SystemSettingsPatch"),
    "SystemGuildSettings": (None, "SystemGuildSettingsPatch"),
    "MemberGuildSettings": (None, "MemberGuildSettingsPatch"),
    "AutoproxySettings": (None, "AutoproxyPatch"),
}


@dataclasses.dataclass(frozen=True, eq=False)
class Field:
    """One key of one model.

    `hidden_by` is the privacy key that hides it ("owner" where only the owner ever sees it), `hidden_value` what others
    see then, `post_default` its value after a POST that leaves it out; both are `MISSING` where the contract is silent.
    """

    model: str
    key: str
    schema: Schema
    always: bool
    nullable: bool
    read_only: bool
    in_post: bool
    in_patch: bool
    required_in_post: bool
    hidden_by: str | None
    hidden_value: Json
    post_default: Json

    @property
    def name(self) -> str:
        """The field's name in reports, like `member.pronouns`."""
        return f"{self.model.lower()}.{self.key}"

    @property
    def hidden_name(self) -> bool:
        """Whether others see a stand-in (the display name) rather than a fixed value."""
        return isinstance(self.hidden_value, dict)


@dataclasses.dataclass(frozen=True)
class PrivacyKey:
    """One key of a model's privacy object: the fields it hides, the lists it closes, the lists it leaves."""

    model: str
    key: str
    hides: tuple[str, ...]
    closes: tuple[str, ...]
    unlists: tuple[str, ...]

    @property
    def name(self) -> str:
        """The key's name in reports, like `member.name_privacy`."""
        return f"{self.model.lower()}.{self.key}"


def read_fields(document: Schema) -> Iterator[Field]:
    """Yield the fields of every model that has a request body, in the document's order."""
    schemas = document["components"]["schemas"]
    for model, (post, patch) in REQUEST_SCHEMAS.items():
        if model not in schemas:
            continue
        created, patched = (_body(document, name) for name in (post, patch))
        for key, node in schemas[model]["properties"].items():
            schema = resolve(document, node)
            yield Field(
                model=model,
                key=key,
                schema=schema,
                always=key in schemas[model].get("required", ()),
                nullable=_nullable(document, schema),
                read_only=bool(schema.get("readOnly")),
                in_post=key in created.get("properties", {}),
                in_patch=key in patched.get("properties", {}),
                required_in_post=key in created.get("required", ()),
                hidden_by=schema.get("x-privacy-key"),
                hidden_value=schema.get("x-hidden-value", MISSING),
                post_default=schema.get("x-post-default", MISSING),
            )


def read_privacy_keys(document: Schema) -> Iterator[PrivacyKey]:
    """Yield every privacy key of systems, members and groups."""
    schemas = document["components"]["schemas"]
    for model in ("System", "Member", "Group"):
        for key, node in schemas[f"{model}Privacy"]["properties"].items():
            yield PrivacyKey(
                model=model,
                key=key,
                hides=tuple(node.get("x-hides", ())),
                closes=tuple(node.get("x-closes", ())),
                unlists=tuple(node.get("x-unlists", ())),
            )


def _body(document: Schema, name: str | None) -> Schema:
    return resolve(document, document["components"]["schemas"][name]) if name else {}


def _nullable(document: Schema, schema: Schema) -> bool:
    choices = schema.get("anyOf", schema.get("oneOf"))
    if choices is not None:
        return any(_nullable(document, resolve(document, choice)) for choice in choices)
    return "null" in schema.get("type", ())
