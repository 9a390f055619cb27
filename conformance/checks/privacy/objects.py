"""The privacy object: who sees it, and what a POST may set of it (docs: models)."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.checks.privacy.fields import View, need_owners_keys
from conformance.contract.fields import OWNER_ONLY
from conformance.contract.rows import Row
from conformance.http import NotApplicable, PreconditionFailed
from conformance.http.assertions import (
    ABSENT,
    expect,
    expect_accepted,
    expect_value,
    need_key,
    need_object,
)
from conformance.scenarios.private_entities import (
    MODELS,
    EntityView,
    PrivateKeys,
    all_keys,
    places,
    single_keys,
    unlisting_key,
)
from conformance.scenarios.system_privacy import OTHERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Entity
    from conformance.contract import Contract, Operation
    from conformance.scenarios.private_entities import PrivateEntities
    from conformance.scenarios.responses import Responses


def of_owner(contract: Contract, key: str, *callers: str) -> Iterator[Row]:
    """Rows for a field that only the owner ever sees, in each place, for each caller."""
    for model in MODELS:
        private_keys = next(single_keys(contract, model))
        for field in contract.fields_of(model):
            if field.key == key and field.hidden_by == OWNER_ONLY:
                for place, caller in itertools.product(places(contract, model), callers):
                    name = f"{field.name}-{place}-{caller}"
                    yield Row(View(field, EntityView(private_keys, place, caller)), name)


@requirement("privacy-object-null-for-others")
@each("view", lambda contract: of_owner(contract, "privacy", *OTHERS))
def check_privacy_object_is_null_for_others(
    view: View, private_entities: PrivateEntities, callers: Any
) -> None:
    """Who has no access sees null in place of the privacy object."""
    exchange, body = private_entities.show(view.entity_view, callers[view.entity_view.caller]())
    if "privacy" not in body:
        need_owners_keys(view.entity_view, private_entities, callers)
    actual = body.get("privacy", ABSENT)
    expect_value(exchange, f"privacy in {view.entity_view.place}", actual, None)


@requirement("autoproxy-enabled-own-system-only")
@each("view", lambda contract: of_owner(contract, "autoproxy_enabled", *OTHERS))
def check_autoproxy_enabled_is_null_for_others(
    view: View, private_entities: PrivateEntities, callers: Any
) -> None:
    """Whether autoproxy is enabled for a member is shown to the owner alone."""
    exchange, body = private_entities.show(view.entity_view, callers[view.entity_view.caller]())
    actual = body.get("autoproxy_enabled")
    expect_value(exchange, f"autoproxy_enabled in {view.entity_view.place}", actual, None)


@requirement("privacy-object-shown-to-owner")
@each("view", lambda contract: of_owner(contract, "privacy", "owner"))
def check_owner_sees_privacy_object(
    view: View, private_entities: PrivateEntities, callers: Any, contract: Contract
) -> None:
    """The owner sees the privacy object with all its keys."""
    exchange, body = private_entities.read(view.entity_view, callers["owner"]())
    privacy = need_key(exchange, body, "privacy")
    keys = [key.key for key in contract.privacy_keys_of(view.field.model)]
    _, alone = private_entities.privacy(view.entity_view.private_keys)
    keys = [key for key in keys if key in alone]  # one that is nowhere is for another check
    holds = isinstance(privacy, dict) and all(privacy.get(k) in ("public", "private") for k in keys)
    expect(
        f"privacy in {view.entity_view.place}",
        holds=holds,
        expected=f"an object with {', '.join(keys)}",
        actual=privacy,
        exchange=exchange,
    )


def returning(contract: Contract) -> Iterator[Row]:
    """Rows for the operations that create or change something with a privacy object, and return it."""
    for operation in contract.operations.values():
        if operation.action in ("create", "update") and contract.privacy_keys_of(operation.entity):
            yield Row(operation, operation.id)


@requirement("privacy-object-shown-to-owner")
@each("operation", returning)
def check_owner_sees_privacy_object_after_a_write(
    operation: Operation,
    responses: Responses,
    full_member: Entity,
    full_group: Entity,
    contract: Contract,
) -> None:
    """The response to what creates or changes an entity shows its privacy object, with all keys."""
    del full_member, full_group  # without others these are the responses
    if operation.id not in responses.by_operation:
        reason = f"no check had a successful response of {operation.id}"
        raise NotApplicable(reason)
    exchange = responses.by_operation[operation.id]
    privacy = need_key(exchange, need_object(exchange), "privacy")
    keys = [key.key for key in contract.privacy_keys_of(operation.entity)]
    shown = privacy if isinstance(privacy, dict) else {}
    expect(
        f"privacy in {exchange.label}",
        holds=isinstance(privacy, dict)
        and all(shown.get(key, "public") in ("public", "private") for key in keys),
        expected=f"an object with {', '.join(keys)}",
        actual=privacy,
        exchange=exchange,
    )


def settable(contract: Contract) -> Iterator[Row]:
    """Rows for the private keys of each member or group among the private entities."""
    for model in ("Member", "Group"):
        of_all, of_list = all_keys(contract, model), unlisting_key(contract, model)
        for private_keys in (*single_keys(contract, model), of_all, of_list):
            yield Row(private_keys, private_keys.name)


@requirement("create-takes-privacy-keys")
@each("private_keys", settable)
def check_post_takes_privacy_keys(
    private_keys: PrivateKeys, private_entities: PrivateEntities
) -> None:
    """A member or group that is made with private keys has those keys private."""
    private_entities.shown_entities()
    posted = private_entities.posted[private_keys]
    expect_accepted(posted)  # what is rejected is accepted without the privacy keys
    privacy = need_object(posted).get("privacy")
    shown = privacy if isinstance(privacy, dict) else {}
    for key in private_keys.keys:
        need_key(posted, shown, key)
    actual = sorted(key for key in private_keys.keys if shown.get(key) == "private")
    expect_value(
        posted,
        f"private keys after a POST of {private_keys.name}",
        actual,
        sorted(private_keys.keys),
    )


def partly_private(contract: Contract) -> Iterator[Row]:
    """Rows for the private keys of which a POST named one key alone."""
    for model in ("Member", "Group"):
        for private_keys in (*single_keys(contract, model), unlisting_key(contract, model)):
            yield Row(private_keys, private_keys.name)


@requirement("post-clears-missing-keys")
@each("private_keys", partly_private)
def check_post_leaves_other_privacy_keys_public(
    private_keys: PrivateKeys, private_entities: PrivateEntities
) -> None:
    """A member or group that is made with one private key has all others public."""
    private_entities.shown_entities()
    exchange = private_entities.posted[private_keys]
    if not exchange.ok:
        reason = (
            f"a POST of {private_keys.name} was rejected"  # whether it may be is for another check
        )
        raise NotApplicable(reason, exchange)
    privacy = need_object(exchange).get("privacy")
    if not isinstance(privacy, dict):
        reason = f"a POST of {private_keys.name} shows no privacy object"
        raise PreconditionFailed(reason, exchange)
    private = [key for key, value in privacy.items() if value == "private"]
    actual = sorted(set(private) - private_keys.keys)
    expect_value(exchange, f"other private keys after a POST of {private_keys.name}", actual, [])
