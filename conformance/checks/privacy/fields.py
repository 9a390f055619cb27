"""A private field is null to others and visible to its owner (docs: reference#authentication, models).

For every privacy key there is an entity in which it alone is private. What becomes of several private keys, and of the
fields that are public, is tested in `privacy.combinations`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.contract.equivalence import means, same
from conformance.contract.rows import Row, bare
from conformance.http import Outcome, PreconditionFailed
from conformance.http.assertions import expect, expect_value
from conformance.scenarios.private_entities import (
    MODELS,
    EntityView,
    places,
    single_keys,
    upstream_shows,
)
from conformance.scenarios.system_privacy import OTHERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Field
    from conformance.http import Caller
    from conformance.scenarios.private_entities import PrivateEntities

GENERAL = "private-field-is-null"


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
    return (*(of_field or contract.named("private_key", **facts)), GENERAL)


def hidden(contract: Contract) -> Iterator[Row]:
    """Rows for those who must not see the field."""
    return views(contract, *OTHERS)


def kept(contract: Contract) -> Iterator[Row]:
    """Rows for those who must not see the field, without the requirements of each privacy key."""
    return (Row(row.value, row.id) for row in views(contract, *OTHERS))


@each("view", hidden)
def check_private_field_is_hidden(
    view: View, private_entities: PrivateEntities, callers: Any
) -> None:
    """A private field shows null to others; a name may show the display name."""
    field, private_keys = view.field, view.entity_view.private_keys
    caller = callers[view.entity_view.caller]()
    exchange, body = private_entities.show(view.entity_view, caller)
    actual, replacement = body.get(field.key), private_entities.replacement(private_keys, field)
    holds = actual is None or same(actual, replacement)
    known = upstream_shows(private_entities.contract, field)
    if not holds and view.entity_view.caller == "other":
        nobody = dataclasses.replace(view.entity_view, caller="anonymous")
        _, unseen = private_entities.show(nobody, callers["anonymous"]())
        if not same(unseen.get(field.key), actual):
            reason = f"{view.what} is shown to a token, which has a check of its own"
            raise PreconditionFailed(reason, exchange)
    general = not holds and not known and most_are_shown(view.entity_view, private_entities, caller)
    if general and GENERAL not in rules_of(private_entities.contract, field):
        reason = (
            f"{view.entity_view.place} shows most of what is private, which has a check of its own"
        )
        raise PreconditionFailed(reason, exchange)
    expect(
        view.what,
        holds=holds,
        expected=replacement,
        actual=actual,
        exchange=exchange,
        as_upstream=known,
        violates=(GENERAL,)
        if general
        else broken(
            private_entities.contract, field, actual, private_entities.value(private_keys, field)
        ),
    )


def most_are_shown(view: EntityView, private_entities: PrivateEntities, caller: Caller) -> bool:
    """Whether a place shows a caller most of what single keys of the model hide: then the rule for all of them is violated."""
    contract, hidden, shown = private_entities.contract, 0, 0
    for private_keys in single_keys(contract, view.private_keys.model):
        with contextlib.suppress(Outcome):
            _, body = private_entities.show(
                EntityView(private_keys, view.place, view.caller), caller
            )
            for field in contract.fields_of(private_keys.model):
                if field.hidden_by in private_keys.keys:
                    actual, hidden = body.get(field.key), hidden + 1
                    replacement = private_entities.replacement(private_keys, field)
                    shown += not (actual is None or same(actual, replacement))
    return shown > max(1, hidden // 2)


@requirement("private-field-is-null")
@each("view", kept)
def check_private_value_has_no_other_key(
    view: View, private_entities: PrivateEntities, callers: Any
) -> None:
    """A private value is shown to others under no other key either."""
    exchange, body = private_entities.show(view.entity_view, callers[view.entity_view.caller]())
    value = private_entities.value(view.entity_view.private_keys, view.field)
    if not isinstance(value, str):
        return  # a number, or a list, is too common to be recognized
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
    """Return what a shown value violates: of a hidden name the real one must not be shown, in whatever case."""
    if field.hidden_name and str(name).casefold() not in str(actual).casefold():
        return (GENERAL,)
    specific = tuple(rule for rule in rules_of(contract, field) if rule != GENERAL)
    return specific or (GENERAL,)


@requirement("foreign-token-does-not-open-privacy")
@each("view", lambda contract: bare(views(contract, "other")))
def check_foreign_token_opens_no_field(
    view: View, private_entities: PrivateEntities, callers: Any
) -> None:
    """The token of another system shows of a private field what no token shows."""
    _, body = private_entities.show(view.entity_view, callers["anonymous"]())
    exchange, shown = private_entities.show(view.entity_view, callers["other"]())
    expect_value(exchange, view.what, shown.get(view.field.key), body.get(view.field.key))


@requirement("private-field-keeps-key")
@each("view", kept)
def check_private_field_keeps_its_key(
    view: View, private_entities: PrivateEntities, callers: Any
) -> None:
    """A private field keeps its key in the response."""
    exchange, body = private_entities.show(view.entity_view, callers[view.entity_view.caller]())
    need_owners_keys(view.entity_view, private_entities, callers)
    expect(
        view.what,
        holds=view.field.key in body,
        expected=f"the key {view.field.key}",
        actual=sorted(body),
        exchange=exchange,
    )


def need_owners_keys(
    entity_view: EntityView, private_entities: PrivateEntities, callers: Any
) -> None:
    """Raise PreconditionFailed where the owner lacks keys in the same place: then what is private is not the reason."""
    owners = dataclasses.replace(entity_view, caller="owner")
    exchange, body = private_entities.show(owners, callers["owner"]())
    fields = private_entities.contract.fields_of(entity_view.private_keys.model)
    missing = [field.key for field in fields if field.always and field.key not in body]
    if missing:
        reason = f"{exchange.label} shows no key {missing[0]}, either"
        raise PreconditionFailed(reason, exchange)


@requirement("own-token-shows-private-fields")
@each("view", lambda contract: bare(views(contract, "owner")))
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
        if not holds and not private_entities.is_stored(view.entity_view.private_keys, view.field):
            reason = f"the POST did not store {view.field.name}"
            raise PreconditionFailed(reason, exchange)
        stands_in = private_entities.replacement(view.entity_view.private_keys, view.field)
        if not holds and actual not in (None, [], stands_in):
            reason = f"{view.what} is shown, with another value than was sent"
            raise PreconditionFailed(reason, exchange)
        expect(view.what, holds=holds, expected=sent, actual=actual, exchange=exchange)
    elif not same(view.field.post_default, None):
        expect(
            view.what,
            holds=actual is not None,
            expected="a value",
            actual=actual,
            exchange=exchange,
        )
