"""What in a body is not as the docs have it, and that nothing is in the document's own examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract import load, revisions
from conformance.contract.samples import full_body
from conformance.watch.bodies import misfits

if TYPE_CHECKING:
    from collections.abc import Iterator


def examples(revision: str) -> Iterator[tuple[str, Any]]:
    """Yield the bodies that the document shows, and full ones of each model that can be created, by operation."""
    contract = load(revision)
    for operation in contract.operations.values():
        node = contract.document["paths"][operation.path][operation.method.lower()]
        if "requestBody" in node:
            content = contract.resolve(node["requestBody"])["content"]["application/json"]
            yield operation.id, content["example"]
        if operation.action == "create" and operation.entity in ("Member", "Group"):
            yield from (
                (operation.id, full_body(contract, operation.entity, variant))
                for variant in range(3)
            )


@pytest.mark.parametrize("revision", revisions())
def test_examples_are_as_documented(revision: str) -> None:
    """No false alarm on what the docs, as we have them, show themselves."""
    contract, seen = load(revision), list(examples(revision))
    assert len(seen) > 15
    for name, body in seen:
        assert list(misfits(contract, contract.operations[name], body)) == [], (name, body)


@pytest.mark.parametrize(
    ("operation", "body", "kinds"),
    [
        ("updateMember", {"id": "abcde"}, ["read-only", "nothing"]),
        ("updateMember", {"displayName": "A"}, ["name"]),
        ("updateMember", {"mood": 1, "name": "A"}, ["unknown"]),
        ("updateMember", {"name": None}, ["null"]),
        ("updateMember", {"name": ""}, ["value"]),
        ("updateMember", {"color": ""}, ["blank"]),
        ("updateMember", {"name": "x" * 101}, ["length"]),
        ("updateMember", {"privacy": None}, []),
        ("updateMember", {"privacy": {}}, []),
        ("updateMember", {"privacy": {"visibility": None}}, []),
        ("updateMember", {"privacy": {"visibility": "no", "x": "private"}}, ["privacy"] * 2),
        ("updateMember", {"proxy_tags": [{"prefix": ""}]}, ["value"]),
        ("updateMember", [], ["form"]),
        ("createMember", {"color": None}, ["needed"]),
        ("createMember", {"Name": "Ada"}, ["name"]),
        ("addMemberGroups", ["abcde", "ABC-DEF"], []),
        ("addMemberGroups", ["a"], ["id"]),
        ("addMemberGroups", [1], ["value"]),
        ("addMemberGroups", {"groups": []}, ["form"]),
        ("updateSwitch", {"timestamp": "2024-05-18T06:30:00+02:00"}, ["time"]),
        ("updateSwitch", {"timestamp": "2024-05-18"}, ["value"]),
        ("updateAutoproxy", {"autoproxy_member": "abc"}, ["id"]),
    ],
)
def test_deviations(operation: str, body: Any, kinds: list[str]) -> None:
    """Each deviation is of its kind."""
    contract = load()
    found = [one.kind for one in misfits(contract, contract.operations[operation], body)]
    assert found == kinds
