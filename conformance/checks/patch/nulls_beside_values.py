"""A PATCH that sets some keys to null and gives others a value does both (docs: models#models).

Each key that may be null is null in one of two PATCHes, beside values of all that are null in the other one, and of those that may not
be null.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.contract.samples import sample
from conformance.http import ME, PreconditionFailed
from conformance.http.assertions import ABSENT, expect_value, need_object, need_success

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.account import Account
    from conformance.contract import Contract, Field
    from conformance.http import Exchange

    Turns = Callable[[str], list[tuple[dict[str, Any], Exchange, Exchange]]]

MODELS = ("System", "Member", "Group")
SAMPLE = 5  # which sample a key gets


def nullable(contract: Contract, model: str) -> list[Field]:
    """Return the keys of a model that a PATCH may set to null, but for privacy."""
    fields = contract.fields_of(model)
    return [f for f in fields if f.in_patch and f.nullable and f.key != "privacy"]


def never_null(contract: Contract, model: str) -> list[Field]:
    """Return the other keys of a PATCH, which have a value in each."""
    return [
        f for f in contract.fields_of(model) if f.in_patch and not f.nullable and f.key != "privacy"
    ]


def keys(contract: Contract) -> Iterator[Row]:
    """Rows for each of them."""
    for model in MODELS:
        yield from (
            Row(field, field.name, about=(model, field.key)) for field in nullable(contract, model)
        )


@pytest.fixture(scope="session")
def turns(account: Account, contract: Contract) -> Turns:
    """A function that returns, for a model, three PATCHes of its nullable keys: their bodies, their responses, and the reads after them."""

    @functools.cache
    def of(model: str) -> list[tuple[dict[str, Any], Exchange, Exchange]]:
        make = {"System": lambda: ME, "Member": lambda: account.member().refs}
        refs = make.get(model, lambda: account.group().refs)()
        fields = nullable(contract, model)
        values = {field.key: sample(field, SAMPLE) for field in fields}
        others = {field.key: sample(field, SAMPLE) for field in never_null(contract, model)}
        found = []
        for turn in (None, 0, 1):  # first all get a value
            body = {
                key: None if turn is not None and number % 2 == turn else value
                for number, (key, value) in enumerate(values.items())
            }
            patch = account.owner.send(f"update{model}", refs, json=others | body)
            found.append((body, patch, account.owner.send(f"get{model}", refs)))
        return found

    return of


@requirement("patch-null-clears-value")
@each("field", keys)
def check_null_clears_beside_values(field: Field, turns: Turns) -> None:
    """A key that a PATCH sets to null, beside values of other keys, is null afterwards."""
    sent = turns(field.model)
    number = next(n for n, (body, _, _) in enumerate(sent) if body[field.key] is None)
    _, patch, after = sent[number]
    before = need_object(sent[number - 1][2]).get(field.key)
    if before is None:
        reason = f"{field.name} could not be set before"
        raise PreconditionFailed(reason, sent[number - 1][1])
    need_success(patch)
    actual = need_object(after).get(field.key, ABSENT)
    expect_value(after, f"{field.key} after null beside values", actual, None)
