"""The part of an object that a PATCH may carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.contract import Contract


def settable(contract: Contract, model: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of an object of this model that a PATCH may carry."""
    fields = contract.fields_of(model)
    return {f.key: body[f.key] for f in fields if f.in_patch and f.key in body}
