"""The differences of two values."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.http import Refuted
from conformance.http.json_diff import NO_KEY, differing


@pytest.mark.parametrize(
    ("expected", "actual", "shown"),
    [
        (1, 2, (1, 2)),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, ({"b": 2}, {"b": 3})),
        ({"a": {"x": 1, "y": 2}}, {"a": {"x": 1, "y": None}}, ({"a.y": 2}, {"a.y": None})),
        ({"a": 1}, {"b": 1}, ({"a": 1, "b": NO_KEY}, {"a": NO_KEY, "b": 1})),
        ([{"a": 1}, {"a": 2}], [{"a": 1}, {"a": 3}], ({"[1].a": 2}, {"[1].a": 3})),
        (["a", "b"], ["b", "a"], (["a", "b"], ["b", "a"])),
        ([{"a": 1}], [], ([{"a": 1}], [])),
        ({"a": 1}, {"a": True}, ({"a": 1}, {"a": True})),
        ({"a": 1}, {"a": 1}, ({"a": 1}, {"a": 1})),
        ({"a": 1}, None, ({"a": 1}, None)),
    ],
)
def test_differing(expected: Any, actual: Any, shown: tuple[Any, Any]) -> None:
    """Only what differs is left, each under its path."""
    assert differing(expected, actual) == shown


def test_refuted_shows_a_small_difference() -> None:
    """The text of a failure has the keys that differ, and not the others."""
    whole = {f"key{number}": number for number in range(50)}
    problem = Refuted("it", expected=whole, actual={**whole, "key7": None}, exchange=None)
    assert problem.reason == 'it: expected {"key7": 7}, got {"key7": null}'
