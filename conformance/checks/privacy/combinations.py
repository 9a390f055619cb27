"""Several private keys hide all that they cover, and nothing else (docs: reference#authentication, models).

In the entities of `privacy_fields` one key is private. Here are those in which all keys are, looked at everywhere and by
every id format of their refs; then what each entity still shows, and who is in the lists.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from conformance.checks import changes_system, each, requirement
from conformance.checks.privacy.fields import broken, rules_of
from conformance.contract.equivalence import same
from conformance.contract.fields import OWNER_ONLY
from conformance.contract.rows import Row
from conformance.http import PreconditionFailed
from conformance.http.assertions import ABSENT, expect, expect_rejected, need_list, need_object
from conformance.http.outcomes import Wording
from conformance.scenarios.private_entities import (
    MODELS,
    EntityView,
    all_keys,
    places,
    single_keys,
    unlisting_key,
    upstream_hides,
    upstream_shows,
)
from conformance.scenarios.shown_entities import PLACES, WITH_MEMBERS
from conformance.scenarios.system_privacy import LAUNCH, OTHERS, id_formats

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


def violated_by(contract: Contract, reported: dict[Field, Any], name: object) -> tuple[str, ...]:
    """Return the requirements that some shown fields break; `name` is the real one."""
    found = [
        rules(contract, field)
        if field.hidden_by == OWNER_ONLY
        else broken(contract, field, value, name)
        for field, value in reported.items()
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


@changes_system
@each("entity_view", disguised)
def check_all_private_fields_are_hidden(
    entity_view: EntityView, private_entities: PrivateEntities, callers: Any, contract: Contract
) -> None:
    """With all keys private each field that one of them covers is null to others, however the request writes the ref."""
    exchange, body = private_entities.show(entity_view, callers[entity_view.caller]())
    reported = {
        field: body[field.key]
        for field in contract.fields_of(entity_view.private_keys.model)
        if entity_view.private_keys.hides(field)
        and not _hidden(field, body, entity_view.private_keys, private_entities)
    }
    expect(
        f"fields of a {entity_view.private_keys.model.lower()} of which all is private, in {entity_view.place}",
        holds=not reported,
        expected={
            field.key: _replacement(field, entity_view.private_keys, private_entities)
            for field in reported
        },
        actual={field.key: value for field, value in reported.items()},
        exchange=exchange,
        as_upstream=all(upstream_shows(contract, field) for field in reported),
        violates=violated_by(contract, reported, _name(entity_view.private_keys, private_entities)),
    )


@changes_system
@requirement("private-field-is-null")
def check_unknown_token_sees_nothing_private(
    private_entities: PrivateEntities, account: Account, contract: Contract
) -> None:
    """A token that nobody owns shows no private field, where the request is not rejected for it."""
    private_keys = all_keys(contract, "Member")
    private_entities.show(EntityView(private_keys, "getMember", "owner"), account.owner)
    nobody = account.anonymous.with_token(account.unknown_token(), "anonymous")
    exchange = nobody.send("getMember", private_entities.entity(private_keys).refs)
    if not exchange.ok:
        expect_rejected(exchange)
        return
    body = need_object(exchange)
    reported = {
        field.key: body.get(field.key)
        for field in contract.fields_of("Member")
        if private_keys.hides(field)
        and field.hidden_by != OWNER_ONLY
        and not _hidden(field, body, private_keys, private_entities)
    }
    expect(
        f"fields that {exchange.label} shows",
        holds=not reported,
        expected={},
        actual=reported,
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


@changes_system
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


def in_lists(contract: Contract) -> Iterator[Row]:
    """Rows for each list that an entity with private visibility leaves, for each caller."""
    for model in ("Member", "Group"):
        private_keys = unlisting_key(contract, model)
        rules = contract.named("private_key", model=model, privacy=private_keys.state)
        key = next(k for k in contract.privacy_keys_of(model) if k.key == private_keys.state)
        for number, place in enumerate(key.unlists):
            known = id_formats(contract, NAMED.get(place, "System"))
            callers_and_formats = [(caller, "short") for caller in (*OTHERS, "owner")]
            callers_and_formats += [("anonymous", known[number % len(known)])] if known else []
            for caller, id_format in callers_and_formats:
                name = f"{private_keys.name}-{place}-{id_format}-{caller}"
                yield Row(EntityView(private_keys, place, caller, id_format), name, rules)


@changes_system
@each("entity_view", in_lists)
def check_private_entity_leaves_lists(
    entity_view: EntityView, private_entities: PrivateEntities, callers: Any
) -> None:
    """An entity with private visibility is in the lists of its owner, and in nobody else's."""
    caller = callers[entity_view.caller]()
    private_entities.show(
        EntityView(entity_view.private_keys, f"get{entity_view.private_keys.model}", "owner"),
        private_entities.account.owner,
    )
    exchange = private_entities.shown_entities().read(
        entity_view.place, caller, id_format=entity_view.id_format
    )
    expect_listed(exchange, entity_view, private_entities, need_list(exchange))


def expect_listed(
    exchange: Exchange, entity_view: EntityView, private_entities: PrivateEntities, rows: list[Any]
) -> None:
    """The owner finds the entity with the private keys among the rows, or the ids, of a list, and nobody else does."""
    entity = private_entities.entity(entity_view.private_keys)
    refs = [row.get("id") if isinstance(row, dict) else row for row in rows]
    listed = bool({entity.id, entity.uuid} & {ref for ref in refs if isinstance(ref, str)})
    expect(
        f"{entity.kind} with private visibility in {entity_view.place} for {entity_view.caller}",
        holds=listed == (entity_view.caller == "owner"),
        expected="listed" if entity_view.caller == "owner" else "not listed",
        actual="listed" if listed else "not listed",
        exchange=exchange,
    )


def with_members(contract: Contract) -> Iterator[Row]:
    """Rows for groups listed with their members, and without the hidden ones, for each caller."""
    for model in ("Member", "Group") if contract.revision != LAUNCH else ():
        private_keys = unlisting_key(contract, model)
        rules = contract.named("private_key", model=model, privacy=private_keys.state)
        for caller in (*OTHERS, "owner"):
            yield Row(
                EntityView(private_keys, WITH_MEMBERS, caller),
                f"{private_keys.name}-{caller}",
                rules,
            )


@changes_system
@each("entity_view", with_members)
def check_private_entity_leaves_groups_with_members(
    entity_view: EntityView, private_entities: PrivateEntities, callers: Any
) -> None:
    """Among groups listed with members others find neither a group nor a member with private visibility."""
    caller = callers[entity_view.caller]()
    private_entities.show(
        EntityView(entity_view.private_keys, f"get{entity_view.private_keys.model}", "owner"),
        private_entities.account.owner,
    )
    group = private_entities.shown_entities().groups[0]
    exchange, row = private_entities.shown_entities().show(WITH_MEMBERS, caller, group)
    of_groups = entity_view.private_keys.model == "Group"
    rows = need_list(exchange) if of_groups else need_members(exchange, row)
    expect_listed(exchange, entity_view, private_entities, rows)


def reported(contract: Contract) -> Iterator[Row]:
    """The same rows, for what others are reported of a group that is all public."""
    of_members = (row for row in with_members(contract) if row.value.private_keys.model == "Member")
    for row in of_members:
        if row.value.caller in OTHERS:
            yield Row(row.value, row.value.caller, ("get-groups-with-members",))


@changes_system
@each("entity_view", reported)
def check_others_are_reported_of_members(
    entity_view: EntityView, private_entities: PrivateEntities, callers: Any
) -> None:
    """Among groups listed with members others find a list of them, too."""
    caller = callers[entity_view.caller]()
    private_entities.show(
        EntityView(entity_view.private_keys, "getMember", "owner"), private_entities.account.owner
    )
    exchange, row = private_entities.shown_entities().show(
        WITH_MEMBERS, caller, private_entities.shown_entities().groups[0]
    )
    members = row.get("members", ABSENT)
    expect(
        f"members of a listed group for {entity_view.caller}",
        holds=isinstance(members, list),
        expected=Wording("a list"),
        actual=members,
        exchange=exchange,
    )


@changes_system
@requirement("group-list-privacy-covers-with-members")
@each("caller", lambda _: (Row(caller, caller) for caller in OTHERS))
def check_private_list_is_not_reported(
    caller: str, private_entities: PrivateEntities, callers: Any
) -> None:
    """Among groups listed with members others do not learn those of a group whose list of members is private."""
    private_keys, shown_entities = (
        all_keys(private_entities.contract, "Group"),
        private_entities.shown_entities(),
    )
    private_entities.show(
        EntityView(private_keys, "getGroup", "owner"), private_entities.account.owner
    )
    group = private_entities.entity(private_keys)
    need_members(*shown_entities.show(WITH_MEMBERS, private_entities.account.owner, group))
    exchange, row = shown_entities.show(WITH_MEMBERS, callers[caller](), group)
    reported = row.get("members") or []
    expect(
        "members of a group whose list is private",
        holds=not reported,
        expected="none",
        actual=reported,
        exchange=exchange,
        as_upstream=private_entities.contract.revision == LAUNCH,
    )


def need_members(exchange: Exchange, row: dict[str, Any]) -> list[Any]:
    """Return the members of a listed group; raises PreconditionFailed when there are none."""
    members = row.get("members")
    if not isinstance(members, list) or not members:
        reason = "the groups are listed without members"
        raise PreconditionFailed(reason, exchange)
    return members
