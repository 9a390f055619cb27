"""Whether a response body fits its schema."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.conformity import misfit

if TYPE_CHECKING:
    from conformance.contract import Contract


@pytest.fixture
def member(contract: Contract) -> dict[str, Any]:
    """The member that the document gives as an example."""
    response = contract.document["components"]["responses"]["Member"]
    made: dict[str, Any] = copy.deepcopy(response["content"]["application/json"]["example"])
    return made


def test_a_fitting_body(contract: Contract, member: dict[str, Any]) -> None:
    """A body that fits has no misfit."""
    assert misfit(contract, "createMember", 200, member) is None


def test_a_missing_key(contract: Contract, member: dict[str, Any]) -> None:
    """A missing key is reported from other misfits."""
    del member["pronouns"]
    found = misfit(contract, "createMember", 200, member)
    assert found
    assert found.missing_key
    assert not found.forbidden_null
    assert (found.path, found.wanted) == ("the body", ["pronouns"])


def test_a_forbidden_null(contract: Contract, member: dict[str, Any]) -> None:
    """A null where none may be is reported from other misfits, with its place."""
    member["uuid"] = None
    found = misfit(contract, "createMember", 200, member)
    assert found
    assert found.forbidden_null
    assert (found.path, found.value) == ("uuid", None)


def test_a_wrong_type(contract: Contract, member: dict[str, Any]) -> None:
    """A value of a wrong type is a misfit, with its place in lists."""
    member["keep_proxy"] = "yes"
    found = misfit(contract, "getSystemMembers", 200, [member])
    assert found
    assert not found.missing_key
    assert not found.forbidden_null
    assert (found.path, found.keyword, found.value) == ("[0].keep_proxy", "type", "yes")


def test_no_schema(contract: Contract) -> None:
    """A status that the contract does not know fits anything."""
    assert misfit(contract, "getMember", 299, "anything") is None
