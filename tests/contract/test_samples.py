"""Samples: valid values for each key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from conformance.contract import load
from conformance.contract.samples import sample

if TYPE_CHECKING:
    from conformance.contract import Contract, Field

# No sample can name a member, and privacy has values of its own.
WITHOUT_SAMPLE = ("autoproxy_member", "privacy")
SETTABLE = [
    field
    for field in load().fields
    if (field.in_post or field.in_patch) and field.key not in WITHOUT_SAMPLE
]
UNSET: tuple[object, ...] = (None, [], {})


def schema_errors(contract: Contract, field: Field, value: object) -> list[str]:
    """Return what is wrong with a value by the field's schema."""
    schema = {**field.schema, "components": contract.document["components"]}
    checker = Draft202012Validator.FORMAT_CHECKER
    errors = Draft202012Validator(schema, format_checker=checker).iter_errors(value)
    return [error.message for error in errors]


@pytest.mark.parametrize("field", SETTABLE, ids=lambda field: field.name)
def test_samples_are_valid_and_differ(contract: Contract, field: Field) -> None:
    """Two samples of a settable key are valid by its schema, set, and different."""
    first, second = sample(field, 0), sample(field, 1)
    assert schema_errors(contract, field, first) == []
    assert schema_errors(contract, field, second) == []
    assert first not in UNSET
    assert second not in UNSET
    assert first != second
