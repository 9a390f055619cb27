"""Overlays: how an older revision deviates from the newest document."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from conformance.contract.overlay import OverlayError, apply

DOCUMENT = {"paths": {"/a": {"get": {"tags": ["x"]}}, "/b": {"get": {"tags": ["y"]}}}, "n": 1}


def applied(*actions: dict[str, Any]) -> Any:
    """Return the document with these actions done; the document itself must stay as it is."""
    document = copy.deepcopy(DOCUMENT)
    made = apply({"info": {"title": "Test"}, "actions": list(actions)}, document)
    assert document == DOCUMENT
    return made


def test_objects_are_merged() -> None:
    """An update of an object adds and replaces keys, at every depth, and leaves the others."""
    made = applied({"target": "$", "update": {"n": 2, "paths": {"/a": {"post": {}}}}})
    assert made["n"] == 2
    assert made["paths"]["/a"] == {"get": {"tags": ["x"]}, "post": {}}
    assert made["paths"]["/b"] == DOCUMENT["paths"]["/b"]  # type: ignore[index]


@pytest.mark.parametrize("update", ["z", ["z"]])
def test_arrays_are_appended_to(update: object) -> None:
    """An update of an array joins its end, whether it is one entry or an array of them."""
    made = applied({"target": "$.paths['/a'].get.tags", "update": update})
    assert made["paths"]["/a"]["get"]["tags"] == ["x", "z"]


def test_every_match_is_changed() -> None:
    """A target that matches several places changes all of them."""
    made = applied({"target": "$.paths.*.get", "update": {"seen": True}})
    assert [path["get"]["seen"] for path in made["paths"].values()] == [True, True]


def test_removal() -> None:
    """What is removed is gone, and later actions see it gone."""
    assert applied({"target": "$.paths['/a']", "remove": True})["paths"].keys() == {"/b"}
    made = applied(
        {"target": "$.paths['/a'].get.tags", "update": ["z"]},
        {"target": "$.paths['/a'].get.tags.*", "remove": True},
    )
    assert made["paths"]["/a"]["get"]["tags"] == []


def test_neighbours_are_removed_together() -> None:
    """Entries of an array are removed together, in whatever order the target names them."""
    made = applied(
        {"target": "$.paths['/a'].get.tags", "update": ["y", "z"]},
        {"target": "$.paths['/a'].get.tags[0,2,1]", "remove": True},
    )
    assert made["paths"]["/a"]["get"]["tags"] == []


def test_values_are_replaced() -> None:
    """A text or number that is the target itself is replaced wherever it matches, by null too."""
    made = applied({"target": "$..[?@ == 'x' || @ == 1]", "update": None})
    assert made["n"] is None
    assert made["paths"]["/a"]["get"]["tags"] == [None]


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ({"target": "$.nothing", "remove": True}, "matches nothing"),
        ({"target": "$[", "remove": True}, r"\$\["),
        ({"target": "$.n", "update": {"a": 1}}, "cannot merge dict into int"),
    ],
)
def test_slips_are_errors(action: dict[str, Any], said: str) -> None:
    """An action that cannot be done is named by its number and target."""
    fine = {"target": "$.n", "update": 2}
    with pytest.raises(OverlayError, match=f"^action 2 of the overlay 'Test', .*{said}") as caught:
        applied(fine, action)
    assert "\n" not in str(caught.value)
