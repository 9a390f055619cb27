"""What a PATCH body must hold, and which privacy values it cannot have (docs: models#models).

That other keys keep their value is tested in `patch.keys`, what null means for privacy in `patch.null_privacy`.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import each, requirement
from conformance.contract.rows import Row, table_of
from conformance.http import ME, NotApplicable
from conformance.http.assertions import (
    described,
    expect,
    expect_status,
)
from conformance.http.outcomes import Wording
from conformance.scenarios.sent_values import BAD_REQUEST, expect_error_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.http import Caller, Exchange
    from conformance.scenarios.patched_entities import PatchedEntities

MODELS = ("System", "Member", "Group")
FAILURE = 500  # the lowest status of a failure of the server
# Bodies without a key that can be set, by the requirement that says what becomes of them.
EMPTY: dict[str, Any] = {}
NO_LEVELS = {"System": "secret", "Member": "Private", "Group": "secret"}
# A key of no model, one that nobody can set, and one that only counts in `privacy`.
UNKNOWN = {
    "conformance_unknown_key": 1,
    "created": "2001-02-03T04:05:06Z",
    "name_privacy": "private",
}
INVALID = {
    "patch-empty-object-400": EMPTY,
    "patch-no-valid-key-400": UNKNOWN,
    "patch-empty-object-500": EMPTY,
    "patch-no-valid-key-500": UNKNOWN,
}
LAUNCH = "2021-11"
SETTINGS = "SystemSettings"


def with_patch(contract: Contract) -> list[str]:
    """Return the models of the system that have a PATCH of their own, but for what needs a guild."""
    return [model for model in (*MODELS, SETTINGS) if f"update{model}" in contract.operations]


def without_valid_key(contract: Contract) -> Iterator[Row]:
    """Rows for each body without a valid key, for each model."""
    for rule, body in INVALID.items():
        for model in with_patch(contract) if rule in contract.requirements else ():
            yield Row(
                (model, body, rule), f"{model.lower()}-{rule}", (rule, "patch-needs-a-valid-key")
            )


@pytest.fixture(scope="session")
def unreadable(
    patched_entities: PatchedEntities, owner: Caller, contract: Contract
) -> Callable[[str], tuple[str, Exchange]]:
    """A function that sets the n-th privacy key of the patched entity of a model to an invalid value, those before it to a valid one, once.

    It returns the key, and the response.
    """

    @functools.cache
    def given(model: str, number: int = 0) -> tuple[str, Exchange]:
        *valid, key = (known.key for known in contract.privacy_keys_of(model)[: number + 1])
        privacy = {**dict.fromkeys(valid, "public"), key: NO_LEVELS[model]}
        body = {"privacy": privacy}
        return key, owner.send(f"update{model}", patched_entities.refs(model), json=body)

    return given


@each("case", without_valid_key)
def check_patch_without_valid_key_is_400(
    case: tuple[str, dict[str, Any], str], patched_entities: PatchedEntities, owner: Caller
) -> None:
    """A PATCH that holds no key that can be set returns 400."""
    model, body, rule = case
    # The docs of 2021-11 describe the 500 as a defect, so 400 is accepted, too.
    statuses = (500, 400) if owner.contract.revision == LAUNCH else (400,)
    refs = ME if model == SETTINGS else patched_entities.refs(model)
    exchange = owner.send(f"update{model}", refs, json=body)
    expect_status(exchange, *statuses, violates=(rule,))


def no_levels(_: Contract) -> Iterator[Row]:
    """Rows for each model, with an invalid value for its first privacy key, and for the second one behind a valid value."""
    for model in MODELS:
        yield Row((model, 0), model.lower())
        yield Row((model, 1), f"{model.lower()}-behind-a-valid-one")


@requirement("privacy-invalid-value-rejected")
@each("case", no_levels)
def check_unknown_privacy_value_is_rejected(
    case: tuple[str, int], unreadable: Callable[..., tuple[str, Exchange]]
) -> None:
    """A privacy value that is neither public, private nor null returns 400."""
    _, exchange = unreadable(*case)
    expect_status(exchange, BAD_REQUEST)


@requirement("privacy-invalid-value-rejected")
@each("model", table_of(MODELS[1:], str.lower))
def check_new_entity_takes_no_unknown_privacy_value(
    model: str, account: Account, contract: Contract
) -> None:
    """A POST with a privacy value that is neither public, private nor null, behind a valid one, returns 400."""
    first, second = (known.key for known in contract.privacy_keys_of(model)[:2])
    body = {"name": account.name(), "privacy": {first: "public", second: NO_LEVELS[model]}}
    exchange = account.owner.send(f"create{model}", json=body)
    account.adopt(model.lower(), body, exchange)
    expect_status(exchange, BAD_REQUEST)


@requirement("err-40001")
@each("model", table_of(MODELS, str.lower))
def check_unknown_privacy_value_has_code_40001(
    model: str, unreadable: Callable[[str], tuple[str, Exchange]]
) -> None:
    """The rejection of a privacy value has code 40001, and `errors` names the key, or the privacy object."""
    key, exchange = unreadable(model)
    if exchange.status != BAD_REQUEST:
        reason = f"{exchange.label} did not return {BAD_REQUEST}"
        raise NotApplicable(reason, exchange)
    expect_error_names(exchange, key, f"privacy.{key}", "privacy")


@requirement("errors-are-4xx-json")
def check_privacy_that_is_no_object_is_no_failure(
    patched_entities: PatchedEntities, owner: Caller
) -> None:
    """A PATCH with a text for the privacy object is no failure of the server; whether it is rejected is left open."""
    # Of a body without a valid key the first docs allow a failure.
    body = {"description": "beside a text for privacy", "privacy": "private"}
    exchange = owner.send("updateGroup", patched_entities.refs("Group"), json=body)
    expect(
        exchange.label,
        holds=exchange.status is not None and exchange.status < FAILURE,
        expected=Wording("a rejection (4xx), or success"),
        actual=described(exchange),
        exchange=exchange,
    )
