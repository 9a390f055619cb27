"""Samples: valid values for each key."""

from __future__ import annotations

import html
import unicodedata
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from conformance.contract import load
from conformance.contract.samples import UNUSUAL, is_free_text, sample, unusual

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract import Contract, Field

# No sample can name a member, and privacy has values of its own.
WITHOUT_SAMPLE = ("autoproxy_member", "privacy")
SETTABLE = [
    field
    for field in load().fields
    if (field.in_post or field.in_patch) and field.key not in WITHOUT_SAMPLE
]
FREE_TEXTS = [field for field in SETTABLE if is_free_text(field)]
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


@pytest.mark.parametrize("field", FREE_TEXTS, ids=lambda field: field.name)
def test_unusual_texts_are_valid_and_differ(contract: Contract, field: Field) -> None:
    """Unusual texts of a key are valid by its schema, leave room for a name before them, and differ."""
    texts = [unusual(field, variant) for variant in range(2 * len(UNUSUAL))]
    assert len(set(texts)) == len(texts)
    for text in texts:
        room = "x" * 30 if field.key == "name" else ""
        assert schema_errors(contract, field, room + text) == []


def test_some_unusual_text_shows_each_way_to_tidy(contract: Contract) -> None:
    """Trimming, joining blanks and lines, folding case and normalising all change some unusual text."""
    field = contract.field("Member", "description")
    texts = [unusual(field, variant) for variant in range(len(UNUSUAL))]
    tidied: tuple[Callable[[str], str], ...] = (
        str.strip,
        str.lower,
        lambda text: text.replace("  ", " "),
        lambda text: text.replace("\n\n", "\n"),
        lambda text: unicodedata.normalize("NFC", text),
        lambda text: unicodedata.normalize("NFD", text),
        html.escape,
    )
    assert all(any(tidy(text) != text for text in texts) for tidy in tidied)
