"""A member and a group with a value in every key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract.samples import full_body, is_free_text, unusual
from conformance.http import PreconditionFailed

if TYPE_CHECKING:
    from conformance.account import Account, Entity
    from conformance.contract import Contract


def unusual_texts(contract: Contract, model: str) -> dict[str, Any]:
    """Return an unusual text for every key that takes free text, each of another kind than the one before."""
    fields = [field for field in contract.fields_of(model) if field.in_post]
    texts = [field for field in fields if is_free_text(field) and field.key != "name"]
    return {field.key: unusual(field, number) for number, field in enumerate(texts)}


def make_full(account: Account, contract: Contract, model: str) -> Entity:
    """Create an entity with a value in every key, with unusual texts unless those are rejected."""
    make = account.member if model == "Member" else account.group
    body = full_body(contract, model) | {"name": account.name()}
    try:
        return make(**body | unusual_texts(contract, model))
    except PreconditionFailed:
        return make(**body)


@pytest.fixture(scope="session")
def full_member(account: Account, contract: Contract) -> Entity:
    """A member with a value in every key."""
    return make_full(account, contract, "Member")


@pytest.fixture(scope="session")
def full_group(account: Account, contract: Contract) -> Entity:
    """A group with a value in every key."""
    return make_full(account, contract, "Group")
