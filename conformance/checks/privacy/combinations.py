"""Several private keys hide all that they cover, and nothing else (docs: reference#authentication, models).

In the entities of `privacy.fields` one key is private. Here are those in which all keys are, looked at everywhere and by
every id format of their refs; then what each entity still shows, and who is in the lists.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.checks.privacy.fields import GENERAL, broken, rules_of
from conformance.contract.equivalence import same
from conformance.contract.fields import OWNER_ONLY
from conformance.contract.rows import Row
from conformance.http import ME, NotApplicable, Outcome, PreconditionFailed
from conformance.http.assertions import expect, expect_rejected, need_object
from conformance.scenarios.private_entities import (
    MODELS,
    EntityView,
    all_keys,
    places,
    single_keys,
    upstream_hides,
    upstream_shows,
)
from conformance.scenarios.shown_entities import PLACES
from conformance.scenarios.system_privacy import OTHERS, id_formats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract, Field
    from conformance.http import Exchange
    from conformance.scenarios.private_entities import PrivateEntities, PrivateKeys

# The model that the path of a place names, where it is not the system.
NAMED = {
    "getMember": "Member",
    "getMemberGroups": "Member",
    "getGroup": "Group",
    "getGroupMembers": "Group",
}
OF_OWNER = {
    "privacy": "privacy-object-null-for-others",
    "autoproxy_enabled": "autoproxy-enabled-own-system-only",
}


def rules(contract: Contract, field: Field) -> tuple[str, ...]:
    """Return the requirements that a field violates that is shown to others."""
    return (OF_OWNER[field.key],) if field.hidden_by == OWNER_ONLY else rules_of(contract, field)


def violated_by(
    contract: Contract, leaked: dict[Field, Any], name: object, private_keys: PrivateKeys
) -> tuple[str, ...]:
    """Return the requirements that some shown fields break, of all that the keys hide; `name` is the real one."""
    fields = contract.fields_of(private_keys.model)
    hidden = [f for f in fields if f.hidden_by != OWNER_ONLY and private_keys.hides(f)]
    shown = [f for f in leaked if f.hidden_by != OWNER_ONLY and not upstream_shows(contract, f)]
    if len(shown) > max(1, len(hidden) // 2):
        return (GENERAL,)
    found = [
        rules(contract, field)
        if field.hidden_by == OWNER_ONLY
        else broken(contract, field, value, name)
        for field, value in leaked.items()
    ]
    return tuple(dict.fromkeys(itertools.chain.from_iterable(found)))


def disguised(contract: Contract) -> Iterator[Row]:
    """Rows for entities of which all keys are private, in each place, by each id format, for each caller."""
    for model in MODELS:
        private_keys = all_keys(contract, model)
        fields = [field for field in contract.fields_of(model) if private_keys.hides(field)]
        broken = {rule: None for field in fields for rule in rules(contract, field)}
        for place, caller, id_format in _views(contract, model):
            name = f"{private_keys.name}-{place}-{id_format}-{caller}"
            yield Row(EntityView(private_keys, place, caller, id_format), name, tuple(broken))


def _views(contract: Contract, model: str) -> Iterator[tuple[str, str, str]]:
    """Yield place, caller and id format: all of them where a model is read alone, by turns in the lists."""
    turns = itertools.cycle(OTHERS)
    yield from ((place, caller, "short") for place in places(contract, model) for caller in OTHERS)
    for number, place in enumerate(PLACES[model]):
        known = id_formats(contract, NAMED.get(place, "System"))
        if number == 0:
            yield from ((place, caller, id_format) for id_format in known for caller in OTHERS)
        elif known:
            yield place, next(turns), known[number % len(known)]


@each("entity_view", disguised)
def check_all_private_fields_are_hidden(
    entity_view: EntityView, private_entities: PrivateEntities, callers: Any, contract: Contract
) -> None:
    """With all keys private each field that one of them covers is null to others, however the request writes the ref."""
    exchange, body = private_entities.show(entity_view, callers[entity_view.caller]())
    leaked = {
        field: body[field.key]
        for field in contract.fields_of(entity_view.private_keys.model)
        if entity_view.private_keys.hides(field)
        and not _hidden(field, body, entity_view.private_keys, private_entities)
    }
    alone = {
        field: value
        for field, value in leaked.items()
        if not hidden_alone(field, entity_view, private_entities, callers)
    }
    if alone and entity_view.caller == "other":
        nobody = dataclasses.replace(entity_view, caller="anonymous")
        _, unseen = private_entities.show(nobody, callers["anonymous"]())
        if all(_hidden(f, unseen, entity_view.private_keys, private_entities) for f in alone):
            reason = f"{exchange.label} shows it to a token, which has a check of its own"
            raise PreconditionFailed(reason, exchange)
    own = violated_by(
        contract, alone, _name(entity_view.private_keys, private_entities), entity_view.private_keys
    )
    expect(
        f"fields of a {entity_view.private_keys.model.lower()} of which all is private, in {entity_view.place}",
        holds=not leaked,
        expected={
            field.key: _replacement(field, entity_view.private_keys, private_entities)
            for field in leaked
        },
        actual={field.key: value for field, value in leaked.items()},
        exchange=exchange,
        as_upstream=all(upstream_shows(contract, field) for field in leaked),
        violates=own if alone.keys() == leaked.keys() and own else (GENERAL,),
    )


def hidden_alone(
    field: Field, entity_view: EntityView, private_entities: PrivateEntities, callers: Any
) -> bool:
    """Whether a field is hidden in the same place where its key alone is private: then it is several keys that open it."""
    for private_keys in single_keys(private_entities.contract, entity_view.private_keys.model):
        if field.hidden_by in private_keys.keys:
            view = EntityView(private_keys, entity_view.place, entity_view.caller)
            with contextlib.suppress(Outcome):
                _, body = private_entities.show(view, callers[entity_view.caller]())
                return _hidden(field, body, private_keys, private_entities)
    return False


@requirement("private-field-is-null")
def check_unknown_token_sees_nothing_private(
    private_entities: PrivateEntities, account: Account, contract: Contract
) -> None:
    """A token that nobody owns shows no private field, where the request is not rejected for it."""
    private_keys = all_keys(contract, "Member")
    private_entities.show(EntityView(private_keys, "getMember", "owner"), account.owner)
    nobody = account.anonymous.with_token(account.unknown_token(), "anonymous")
    refs = private_entities.entity(private_keys).refs
    exchange = nobody.send("getMember", refs)
    if not exchange.ok:
        expect_rejected(exchange)
        return
    body = need_object(exchange)
    leaked = {
        field.key: body.get(field.key)
        for field in contract.fields_of("Member")
        if private_keys.hides(field)
        and field.hidden_by != OWNER_ONLY
        and not _hidden(field, body, private_keys, private_entities)
    }
    if leaked and account.anonymous.send("getMember", refs).json == body:
        reason = f"{exchange.label} shows what it shows without any token"
        raise NotApplicable(reason, exchange)
    if leaked and (known := nobody.send("getSystem", ME)).ok:
        reason = f"{known.label} returned a system for a token that nobody owns"
        raise PreconditionFailed(reason, known)
    expect(
        f"fields that {exchange.label} shows",
        holds=not leaked,
        expected={},
        actual=leaked,
        exchange=exchange,
    )


def _name(private_keys: PrivateKeys, private_entities: PrivateEntities) -> Any:
    return private_entities.value(
        private_keys, private_entities.contract.field(private_keys.model, "name")
    )


def _replacement(field: Field, private_keys: PrivateKeys, private_entities: PrivateEntities) -> Any:
    return (
        None if field.hidden_by == OWNER_ONLY else private_entities.replacement(private_keys, field)
    )


def _hidden(
    field: Field, body: dict[str, Any], private_keys: PrivateKeys, private_entities: PrivateEntities
) -> bool:
    actual = body.get(field.key)
    return actual is None or same(actual, _replacement(field, private_keys, private_entities))


def visible(contract: Contract) -> Iterator[Row]:
    """Rows for each place that shows a model, for each caller."""
    for model in MODELS:
        for place, caller in itertools.product(places(contract, model), OTHERS):
            yield Row((model, place, caller), f"{model.lower()}-{place}-{caller}")


@requirement("auth-optional-for-public-reads")
@each("case", visible)
def check_public_fields_are_shown(
    case: tuple[str, str, str], private_entities: PrivateEntities, callers: Any, contract: Contract
) -> None:
    """What no private key covers is public, and shown to others as to the owner."""
    model, place, caller = case
    callers[caller]()
    lost: list[tuple[str, bool, Exchange]] = []
    for private_keys in (*single_keys(contract, model), all_keys(contract, model)):
        lost += _lost(EntityView(private_keys, place, caller), private_entities, callers)
    lost.sort(key=lambda found: found[1])
    expect(
        f"public fields of a {model.lower()} that {place} does not show",
        holds=not lost,
        expected=[],
        actual=[name for name, _, _ in lost],
        exchange=lost[0][2] if lost else private_entities.privacy(all_keys(contract, model))[0],
        as_upstream=all(of_upstream for _, of_upstream, _ in lost),
    )


def _lost(
    entity_view: EntityView, private_entities: PrivateEntities, callers: Any
) -> Iterator[tuple[str, bool, Exchange]]:
    """Yield the public fields that others do not see as the owner does, and whether PluralKit production hides them."""
    contract, private_keys = private_entities.contract, entity_view.private_keys
    _, privacy = private_entities.privacy(private_keys)
    _, owned = private_entities.read(
        EntityView(private_keys, entity_view.place, "owner"), callers["owner"]()
    )
    exchange, shown = private_entities.read(entity_view, callers[entity_view.caller]())
    for field in contract.fields_of(private_keys.model):
        public = (
            not private_keys.hides(field)
            and privacy.get(str(field.hidden_by), "public") == "public"
        )
        if field.always and public and not same(shown.get(field.key), owned.get(field.key)):
            of_upstream = upstream_hides(contract, field, private_keys, shown.get(field.key))
            yield f"{field.key} with {private_keys.state} private", of_upstream, exchange
