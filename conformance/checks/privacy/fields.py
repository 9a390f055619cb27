"""A private field is null to others and visible to its owner (docs: reference#authentication, models).

For every privacy key there is an entity in which it alone is private. What becomes of several private keys, and of the
fields that are public, is tested in `privacy_together`.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Any

from conformance.checks import changes_system, each, requirement
from conformance.contract.equivalence import means, same
from conformance.contract.fields import OWNER_ONLY
from conformance.contract.rows import Row
from conformance.http import NotApplicable, PreconditionFailed
from conformance.http.assertions import ABSENT, expect, expect_status, expect_value, need_object
from conformance.scenarios.private_entities import (
    MODELS,
    EntityView,
    PrivateKeys,
    all_keys,
    places,
    single_keys,
    unlisting_key,
    upstream_shows,
)
from conformance.scenarios.system_privacy import OTHERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Field
    from conformance.scenarios.private_entities import PrivateEntities


@dataclasses.dataclass(frozen=True)
class View:
    """One field of an entity with private keys, as one caller reads it in one place."""

    field: Field
    entity_view: EntityView

    @property
    def what(self) -> str:
        """The view's name in failures."""
        return f"{self.field.name} under {self.entity_view.private_keys.state} in {self.entity_view.place}"


def views(contract: Contract, *callers: str) -> Iterator[Row]:
    """Rows for each field that one key hides, in each place that shows it, for each caller."""
    for private_keys in (
        private_keys for model in MODELS for private_keys in single_keys(contract, model)
    ):
        hidden_by = [
            f for f in contract.fields_of(private_keys.model) if f.hidden_by in private_keys.keys
        ]
        seen = itertools.product(hidden_by, places(contract, private_keys.model), callers)
        for field, place, caller in seen:
            name = f"{private_keys.name}-{field.key}-{place}-{caller}"
            yield Row(
                View(field, EntityView(private_keys, place, caller)),
                name,
                rules_of(contract, field),
            )


def rules_of(contract: Contract, field: Field) -> tuple[str, ...]:
    """Return the requirements that a shown field violates: a field that the docs do not tie to the key, only a SHOULD."""
    facts = {"model": field.model, "privacy": field.hidden_by}
    of_field = contract.named("private_field", **facts, key=field.key)
    if of_field and all(contract.requirements[name].level != "must" for name in of_field):
        return of_field
    return (*contract.named("private_key", **facts), *of_field, "private-field-is-null")


def hidden(contract: Contract) -> Iterator[Row]:
    """Rows for those who must not see the field."""
    return views(contract, *OTHERS)


def kept(contract: Contract) -> Iterator[Row]:
    """Rows for those who must not see the field, without the requirements of each privacy key."""
    return (Row(row.value, row.id) for row in views(contract, *OTHERS))


def foreign(contract: Contract) -> Iterator[Row]:
    """Rows for the owner of another system, to be compared with somebody without a token."""
    return (Row(row.value, row.id) for row in views(contract, "other"))


def owned(contract: Contract) -> Iterator[Row]:
    """Rows for the owner, who sees the field."""
    return (Row(row.value, row.id) for row in views(contract, "owner"))


@changes_system
@each("view", hidden)
def check_private_field_is_hidden(
    view: View, private_entities: PrivateEntities, callers: Any
) -> None:
    """A private field shows null to others; a name may show the display name."""
    field, private_keys = view.field, view.entity_view.private_keys
    exchange, body = private_entities.show(view.entity_view, callers[view.entity_view.caller]())
    actual, replacement = body.get(field.key), private_entities.replacement(private_keys, field)
    expect(
        view.what,
        holds=actual is None or same(actual, replacement),
        expected=replacement,
        actual=actual,
        exchange=exchange,
        as_upstream=upstream_shows(private_entities.contract, field),
        violates=broken(
            private_entities.contract, field, actual, private_entities.value(private_keys, field)
        ),
    )


@changes_system
@requirement("private-field-is-null")
@each("view", kept)
def check_private_value_has_no_other_key(
    view: View, private_entities: PrivateEntities, callers: Any
) -> None:
    """A private value is shown to others under no other key either."""
    exchange, body = private_entities.show(view.entity_view, callers[view.entity_view.caller]())
    value = private_entities.value(view.entity_view.private_keys, view.field)
    if not isinstance(value, str):
        return  # a number, or a list, says too little to be known again
    name = private_entities.contract.field(view.field.model, "name")
    stands_in = private_entities.replacement(
        view.entity_view.private_keys, name
    )  # a display name in place of the name
    rest = {key: shown for key, shown in body.items() if key != view.field.key}
    if stands_in is not None and same(rest.get("name"), stands_in):
        del rest["name"]
    found = [key for key, shown in rest.items() if reveals(shown, value)]
    expect(
        f"keys that tell {view.what}",
        holds=not found,
        expected=[],
        actual=found,
        exchange=exchange,
    )


def reveals(shown: object, value: str) -> bool:
    """Whether a text anywhere in what is shown has the value in it, in whatever case."""
    if isinstance(shown, dict):
        return any(reveals(part, value) for part in shown.values())
    if isinstance(shown, list):
        return any(reveals(part, value) for part in shown)
    return isinstance(shown, str) and value.casefold() in shown.casefold()


def broken(contract: Contract, field: Field, actual: object, name: object) -> tuple[str, ...]:
    """Return what a shown value violates: of a hidden name the real one must not be reported, in whatever case."""
    if field.hidden_name and str(name).casefold() not in str(actual).casefold():
        return ("private-field-is-null",)
    return rules_of(contract, field)


@changes_system
@requirement("foreign-token-does-not-open-privacy")
@each("view", foreign)
def check_foreign_token_opens_no_field(
    view: View, private_entities: PrivateEntities, callers: Any
) -> None:
    """The token of another system shows of a private field what no token shows."""
    _, body = private_entities.show(view.entity_view, callers["anonymous"]())
    exchange, shown = private_entities.show(view.entity_view, callers["other"]())
    expect_value(exchange, view.what, shown.get(view.field.key), body.get(view.field.key))


@changes_system
@requirement("private-field-keeps-key")
@each("view", kept)
def check_private_field_keeps_its_key(
    view: View, private_entities: PrivateEntities, callers: Any
) -> None:
    """A private field keeps its key in the response."""
    exchange, body = private_entities.show(view.entity_view, callers[view.entity_view.caller]())
    expect(
        view.what,
        holds=view.field.key in body,
        expected=f"the key {view.field.key}",
        actual=sorted(body),
        exchange=exchange,
    )


@changes_system
@requirement("own-token-shows-private-fields")
@each("view", owned)
def check_owner_sees_private_field(
    view: View, private_entities: PrivateEntities, callers: Any
) -> None:
    """The owner sees the private fields of the own system."""
    exchange, body = private_entities.show(view.entity_view, callers["owner"]())
    actual, sent = (
        body.get(view.field.key),
        private_entities.value(view.entity_view.private_keys, view.field),
    )
    if sent is not None:
        holds = means(view.field.key, actual, sent)
        expect(view.what, holds=holds, expected=sent, actual=actual, exchange=exchange)
    elif not same(view.field.post_default, None):
        expect(
            view.what,
            holds=actual is not None,
            expected="a value",
            actual=actual,
            exchange=exchange,
        )


def of_owner(contract: Contract, key: str, *callers: str) -> Iterator[Row]:
    """Rows for a field that only the owner ever sees, in each place, for each caller."""
    for model in MODELS:
        private_keys = next(single_keys(contract, model))
        for field in contract.fields_of(model):
            if field.key == key and field.hidden_by == OWNER_ONLY:
                for place, caller in itertools.product(places(contract, model), callers):
                    name = f"{field.name}-{place}-{caller}"
                    yield Row(View(field, EntityView(private_keys, place, caller)), name)


@changes_system
@requirement("privacy-object-null-for-others")
@each("view", lambda contract: of_owner(contract, "privacy", *OTHERS))
def check_privacy_object_is_null_for_others(
    view: View, private_entities: PrivateEntities, callers: Any
) -> None:
    """Who has no access sees null in place of the privacy object."""
    exchange, body = private_entities.show(view.entity_view, callers[view.entity_view.caller]())
    expect_value(
        exchange, f"privacy in {view.entity_view.place}", body.get("privacy", ABSENT), None
    )


@changes_system
@requirement("autoproxy-enabled-own-system-only")
@each("view", lambda contract: of_owner(contract, "autoproxy_enabled", *OTHERS))
def check_autoproxy_enabled_is_null_for_others(
    view: View, private_entities: PrivateEntities, callers: Any
) -> None:
    """Whether autoproxy is enabled for a member is shown to the owner alone."""
    exchange, body = private_entities.show(view.entity_view, callers[view.entity_view.caller]())
    actual = body.get("autoproxy_enabled")
    expect_value(exchange, f"autoproxy_enabled in {view.entity_view.place}", actual, None)


@changes_system
@requirement("privacy-object-shown-to-owner")
@each("view", lambda contract: of_owner(contract, "privacy", "owner"))
def check_owner_sees_privacy_object(
    view: View, private_entities: PrivateEntities, callers: Any, contract: Contract
) -> None:
    """The owner sees the privacy object with all its keys."""
    exchange, body = private_entities.read(view.entity_view, callers["owner"]())
    privacy = body.get("privacy")
    keys = [key.key for key in contract.privacy_keys_of(view.field.model)]
    holds = isinstance(privacy, dict) and all(privacy.get(k) in ("public", "private") for k in keys)
    expect(
        f"privacy in {view.entity_view.place}",
        holds=holds,
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


@changes_system
@requirement("create-takes-privacy-keys")
@each("private_keys", settable)
def check_post_takes_privacy_keys(
    private_keys: PrivateKeys, private_entities: PrivateEntities
) -> None:
    """A member or group that is made with private keys has those keys private."""
    private_entities.shown_entities()
    posted = private_entities.posted[private_keys]
    expect_status(posted, 200, 201)  # what is rejected is accepted without the privacy keys
    privacy = need_object(posted).get("privacy")
    shown = privacy if isinstance(privacy, dict) else {}
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


@changes_system
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
