"""Operations, as the OpenAPI document describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.contract import Contract


def test_every_operation_is_there(contract: Contract) -> None:
    """The contract has the 36 operations of the docs."""
    assert len(contract.operations) == 36
    assert contract.operations["getSystem"].path == "/systems/{systemId}"


def test_reads_and_writes_are_reported_apart(contract: Contract) -> None:
    """GET alone does not write."""
    assert not contract.operations["getMember"].writes
    assert contract.operations["deleteMember"].writes


def test_success_is_the_first_documented_one(contract: Contract) -> None:
    """The success of an operation is its lowest 2xx status."""
    assert contract.operations["createMember"].success == "200"
    assert contract.operations["deleteMember"].success == "204"


def test_path_parameters_are_escaped(contract: Contract) -> None:
    """A ref keeps its @ and loses every character that would change the path."""
    path = contract.operations["getSwitch"].url_path({"systemId": "@me", "switchId": "a/b?c"})
    assert path == "/systems/@me/switches/a%2Fb%3Fc"


def test_private_list_says_its_rejection(contract: Contract) -> None:
    """An operation that a privacy key closes says key, status and code."""
    private = contract.operations["getSystemMembers"].private_list
    assert private
    assert (private.key, private.status, private.code) == ("member_list_privacy", 403, 30001)


def test_request_schema_is_resolved(contract: Contract) -> None:
    """The schema of a request body is at hand, without any `$ref` to follow; a GET has none."""
    schema = contract.operations["createMember"].request_schema
    assert schema
    assert schema["required"] == ["name"]
    assert contract.operations["getMember"].request_schema is None


def test_rate_limits_cover_every_scope(contract: Contract) -> None:
    """Each operation counts against a scope with a documented rate."""
    scopes = {operation.scope for operation in contract.operations.values()}
    assert scopes == set(contract.rate_limits)
