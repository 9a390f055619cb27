"""Whole numbers in responses."""

from __future__ import annotations

import pytest

from conformance.http.whole_numbers import whole_number


@pytest.mark.parametrize(
    ("value", "number"), [("0", 0), ("17", 17), (18, 18), ("1" + "0" * 15, 10**15)]
)
def test_number(value: object, number: int) -> None:
    """Digits and integers are numbers."""
    assert whole_number(value) == number


@pytest.mark.parametrize(
    "value",
    ["", "-1", "1.5", "\u00b2", "\u0663", "9" * 16, "9" * 5000, -2, True, 1.0, 10**400, None, []],
)
def test_no_number(value: object) -> None:
    """Anything else is none, nor is what is too large to calculate with."""
    assert whole_number(value) is None
