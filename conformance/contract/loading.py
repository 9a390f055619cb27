"""Puts document, fields, operations and requirements of one revision together."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

from conformance.contract import document as documents
from conformance.contract.fields import Field, PrivacyKey, read_fields, read_privacy_keys
from conformance.contract.operations import Operation, read_operations
from conformance.contract.requirements import Requirement, read_catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from conformance.contract.document import Schema


TYPES = ("boolean", "array", "nullable", "clearable", "datetime", "color")
"""The kinds of requirements on the type of a key."""


@dataclasses.dataclass(frozen=True, eq=False)
class Contract:
    """Everything that one revision of the docs promises."""

    revision: str
    document: Schema
    operations: Mapping[str, Operation]
    fields: tuple[Field, ...]
    privacy_keys: tuple[PrivacyKey, ...]
    requirements: Mapping[str, Requirement]

    @property
    def rate_limits(self) -> Mapping[str, int]:
        """The documented requests per second, by rate-limit scope."""
        limits: dict[str, int] = self.document.get("x-rate-limits", {})
        return limits

    def without(self, models: AbstractSet[str]) -> Contract:
        """Return the contract without the operations and keys of some models, and without what is required of them alone."""
        kept = {name: one for name, one in self.operations.items() if one.entity not in models}
        rows = {
            row.id: dataclasses.replace(
                row, operations=tuple(name for name in row.operations if name in kept)
            )
            for row in self.requirements.values()
            if row.about.get("model") not in models
        }
        left = {
            name: row
            for name, row in rows.items()
            if row.operations or not self.requirements[name].operations
        }
        fields = tuple(field for field in self.fields if field.model not in models)
        return dataclasses.replace(self, operations=kept, fields=fields, requirements=left)

    def fields_of(self, model: str) -> tuple[Field, ...]:
        """Return the fields of one model, in the document's order."""
        return tuple(field for field in self.fields if field.model == model)

    def field(self, model: str, key: str) -> Field:
        """Return one field; KeyError when the model has no such key."""
        for field in self.fields_of(model):
            if field.key == key:
                return field
        raise KeyError(model, key)

    def privacy_keys_of(self, model: str) -> tuple[PrivacyKey, ...]:
        """Return the keys of a model's privacy object."""
        return tuple(key for key in self.privacy_keys if key.model == model)

    def about(self, **facts: object) -> tuple[str, ...]:
        """Return the ids of the requirements that are about exactly these facts, like `model="Member", key="color"`."""
        return tuple(
            requirement.id
            for requirement in self.requirements.values()
            if requirement.about == facts
        )

    def named(self, *kinds: str, operation: str | None = None, **facts: object) -> tuple[str, ...]:
        """Return the ids of the requirements of some kinds, like `named("max_length", model="Member", key="name")`.

        They are about all of the facts, and, where an operation is given, concern it.
        """
        return tuple(
            requirement.id
            for requirement in self.requirements.values()
            if requirement.kind in kinds
            and facts.items() <= requirement.about.items()
            and (operation is None or operation in requirement.operations)
        )

    def types_of(self, field: Field) -> tuple[str, ...]:
        """Return the ids of the requirements on the type of a key."""
        return self.named(*TYPES, model=field.model, key=field.key)

    def resolve(self, node: Schema) -> Schema:
        """Follow a `$ref` of this revision's document."""
        return documents.resolve(self.document, node)


def revisions() -> tuple[str, ...]:
    """Return the known revisions, newest first."""
    return documents.REVISIONS


@functools.cache
def load(revision: str = documents.NEWEST) -> Contract:
    """Load the contract of one revision.

    Raises:
        UnknownRevisionError: there is no such revision.

    """
    document = documents.read(revision)
    return Contract(
        revision=revision,
        document=document,
        operations={operation.id: operation for operation in read_operations(document)},
        fields=tuple(read_fields(document)),
        privacy_keys=tuple(read_privacy_keys(document)),
        requirements={row.id: row for row in read_catalogue() if row.holds_at(revision)},
    )
