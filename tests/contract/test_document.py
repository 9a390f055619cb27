"""The document and its revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.contract import UnknownRevisionError, load, revisions
from conformance.contract.document import resolve

if TYPE_CHECKING:
    from conformance.contract import Contract


@pytest.mark.parametrize(
    ("revision", "hint"), [("2025-80", "did you mean 2025-08?"), ("zzz", "known are 2025-08")]
)
def test_unknown_revision(revision: str, hint: str) -> None:
    """An unknown revision is named, with the one that is meant or all that are known."""
    with pytest.raises(UnknownRevisionError) as caught:
        load(revision)
    assert str(caught.value).startswith(f"unknown revision {revision!r}: ")
    assert hint in str(caught.value)


def test_newest_is_the_default() -> None:
    """Without a revision the newest one is loaded, once."""
    assert load().revision == revisions()[0]
    assert load() is load()


def test_keys_beside_a_reference_win() -> None:
    """A key that stands beside a `$ref` wins over the one it points to, through every step."""
    document = {"a": {"$ref": "#/b~1c", "title": "from a"}, "b/c": {"title": "far", "type": "null"}}
    assert resolve(document, {"$ref": "#/a", "x": 1}) == {"title": "from a", "type": "null", "x": 1}


def test_contract_resolves_in_its_own_document(contract: Contract) -> None:
    """A contract follows references of its own document."""
    member = contract.resolve({"$ref": "#/components/schemas/Member"})
    assert "display_name" in member["properties"]


def test_every_reference_leads_somewhere(contract: Contract) -> None:
    """Every `$ref` of the document can be followed."""
    found = list(_references(contract.document))
    assert found
    for node in found:
        assert "$ref" not in contract.resolve(node)


def _references(node: object) -> list[dict[str, object]]:
    if isinstance(node, dict):
        here = [node] if isinstance(node.get("$ref"), str) else []
        return here + [found for value in node.values() for found in _references(value)]
    if isinstance(node, list):
        return [found for value in node for found in _references(value)]
    return []
