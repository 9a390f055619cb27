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
    Sight,
    alone,
    places,
    together,
    unlisted,
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
    from conformance.scenarios.private_entities import PrivateEntities, Secret

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
        secret = together(contract, model)
        fields = [field for field in contract.fields_of(model) if secret.hides(field)]
        broken = {rule: None for field in fields for rule in rules(contract, field)}
        for place, caller, id_format in _sights(contract, model):
            name = f"{secret.name}-{place}-{id_format}-{caller}"
            yield Row(Sight(secret, place, caller, id_format), name, tuple(broken))


def _sights(contract: Contract, model: str) -> Iterator[tuple[str, str, str]]:
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
@each("sight", disguised)
def check_all_private_fields_are_hidden(
    sight: Sight, private_entities: PrivateEntities, callers: Any, contract: Contract
) -> None:
    """With all keys private each field that one of them covers is null to others, however the request writes the ref."""
    exchange, body = private_entities.show(sight, callers[sight.caller]())
    reported = {
        field: body[field.key]
        for field in contract.fields_of(sight.secret.model)
        if sight.secret.hides(field) and not _hidden(field, body, sight.secret, private_entities)
    }
    expect(
        f"fields of a {sight.secret.model.lower()} of which all is private, in {sight.place}",
        holds=not reported,
        expected={
            field.key: _stand_in(field, sight.secret, private_entities) for field in reported
        },
        actual={field.key: value for field, value in reported.items()},
        exchange=exchange,
        as_upstream=all(upstream_shows(contract, field) for field in reported),
        violates=violated_by(contract, reported, _name(sight.secret, private_entities)),
    )


@changes_system
@requirement("private-field-is-null")
def check_unknown_token_sees_nothing_private(
    private_entities: PrivateEntities, account: Account, contract: Contract
) -> None:
    """A token that nobody owns shows no private field, where the request is not rejected for it."""
    secret = together(contract, "Member")
    private_entities.show(Sight(secret, "getMember", "owner"), account.owner)
    nobody = account.anonymous.with_token(account.unknown_token(), "anonymous")
    exchange = nobody.send("getMember", private_entities.entity(secret).refs)
    if not exchange.ok:
        expect_rejected(exchange)
        return
    body = need_object(exchange)
    reported = {
        field.key: body.get(field.key)
        for field in contract.fields_of("Member")
        if secret.hides(field)
        and field.hidden_by != OWNER_ONLY
        and not _hidden(field, body, secret, private_entities)
    }
    expect(
        f"fields that {exchange.label} shows",
        holds=not reported,
        expected={},
        actual=reported,
        exchange=exchange,
    )


def _name(secret: Secret, private_entities: PrivateEntities) -> Any:
    return private_entities.value(secret, private_entities.contract.field(secret.model, "name"))


def _stand_in(field: Field, secret: Secret, private_entities: PrivateEntities) -> Any:
    return None if field.hidden_by == OWNER_ONLY else private_entities.stand_in(secret, field)


def _hidden(
    field: Field, body: dict[str, Any], secret: Secret, private_entities: PrivateEntities
) -> bool:
    actual = body.get(field.key)
    return actual is None or same(actual, _stand_in(field, secret, private_entities))


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
    for secret in (*alone(contract, model), together(contract, model)):
        lost += _lost(Sight(secret, place, caller), private_entities, callers)
    lost.sort(key=lambda found: found[1])
    expect(
        f"public fields of a {model.lower()} that {place} does not show",
        holds=not lost,
        expected=[],
        actual=[name for name, _, _ in lost],
        exchange=lost[0][2] if lost else private_entities.privacy(together(contract, model))[0],
        as_upstream=all(of_upstream for _, of_upstream, _ in lost),
    )


def _lost(
    sight: Sight, private_entities: PrivateEntities, callers: Any
) -> Iterator[tuple[str, bool, Exchange]]:
    """Yield the public fields that others do not see as the owner does, and whether PluralKit's own server hides them."""
    contract, secret = private_entities.contract, sight.secret
    _, privacy = private_entities.privacy(secret)
    _, owned = private_entities.look(Sight(secret, sight.place, "owner"), callers["owner"]())
    exchange, shown = private_entities.look(sight, callers[sight.caller]())
    for field in contract.fields_of(secret.model):
        public = not secret.hides(field) and privacy.get(str(field.hidden_by), "public") == "public"
        if field.always and public and not same(shown.get(field.key), owned.get(field.key)):
            of_upstream = upstream_hides(contract, field, secret, shown.get(field.key))
            yield f"{field.key} with {secret.state} private", of_upstream, exchange


def in_lists(contract: Contract) -> Iterator[Row]:
    """Rows for each list that an entity with private visibility leaves, for each caller."""
    for model in ("Member", "Group"):
        secret = unlisted(contract, model)
        rules = contract.named("private_key", model=model, privacy=secret.state)
        key = next(k for k in contract.privacy_keys_of(model) if k.key == secret.state)
        for number, place in enumerate(key.unlists):
            known = id_formats(contract, NAMED.get(place, "System"))
            sights = [(caller, "short") for caller in (*OTHERS, "owner")]
            sights += [("anonymous", known[number % len(known)])] if known else []
            for caller, id_format in sights:
                name = f"{secret.name}-{place}-{id_format}-{caller}"
                yield Row(Sight(secret, place, caller, id_format), name, rules)


@changes_system
@each("sight", in_lists)
def check_private_entity_leaves_lists(
    sight: Sight, private_entities: PrivateEntities, callers: Any
) -> None:
    """An entity with private visibility is in the lists of its owner, and in nobody else's."""
    caller = callers[sight.caller]()
    private_entities.show(
        Sight(sight.secret, f"get{sight.secret.model}", "owner"), private_entities.account.owner
    )
    exchange = private_entities.scene().read(sight.place, caller, id_format=sight.id_format)
    expect_listed(exchange, sight, private_entities, need_list(exchange))


def expect_listed(
    exchange: Exchange, sight: Sight, private_entities: PrivateEntities, rows: list[Any]
) -> None:
    """The owner finds the entity of the secret among the rows, or the ids, of a list, and nobody else does."""
    entity = private_entities.entity(sight.secret)
    refs = [row.get("id") if isinstance(row, dict) else row for row in rows]
    listed = bool({entity.id, entity.uuid} & {ref for ref in refs if isinstance(ref, str)})
    expect(
        f"{entity.kind} with private visibility in {sight.place} for {sight.caller}",
        holds=listed == (sight.caller == "owner"),
        expected="listed" if sight.caller == "owner" else "not listed",
        actual="listed" if listed else "not listed",
        exchange=exchange,
    )


def with_members(contract: Contract) -> Iterator[Row]:
    """Rows for groups listed with their members, and without the hidden ones, for each caller."""
    for model in ("Member", "Group") if contract.revision != LAUNCH else ():
        secret = unlisted(contract, model)
        rules = contract.named("private_key", model=model, privacy=secret.state)
        for caller in (*OTHERS, "owner"):
            yield Row(Sight(secret, WITH_MEMBERS, caller), f"{secret.name}-{caller}", rules)


@changes_system
@each("sight", with_members)
def check_private_entity_leaves_groups_with_members(
    sight: Sight, private_entities: PrivateEntities, callers: Any
) -> None:
    """Among groups listed with members others find neither a group nor a member with private visibility."""
    caller = callers[sight.caller]()
    private_entities.show(
        Sight(sight.secret, f"get{sight.secret.model}", "owner"), private_entities.account.owner
    )
    group = private_entities.scene().groups[0]
    exchange, row = private_entities.scene().show(WITH_MEMBERS, caller, group)
    of_groups = sight.secret.model == "Group"
    rows = need_list(exchange) if of_groups else need_members(exchange, row)
    expect_listed(exchange, sight, private_entities, rows)


def reported(contract: Contract) -> Iterator[Row]:
    """The same rows, for what others are reported of a group that is all public."""
    of_members = (row for row in with_members(contract) if row.value.secret.model == "Member")
    for row in of_members:
        if row.value.caller in OTHERS:
            yield Row(row.value, row.value.caller, ("get-groups-with-members",))


@changes_system
@each("sight", reported)
def check_others_are_reported_of_members(
    sight: Sight, private_entities: PrivateEntities, callers: Any
) -> None:
    """Among groups listed with members others find a list of them, too."""
    caller = callers[sight.caller]()
    private_entities.show(Sight(sight.secret, "getMember", "owner"), private_entities.account.owner)
    exchange, row = private_entities.scene().show(
        WITH_MEMBERS, caller, private_entities.scene().groups[0]
    )
    members = row.get("members", ABSENT)
    expect(
        f"members of a listed group for {sight.caller}",
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
    secret, scene = together(private_entities.contract, "Group"), private_entities.scene()
    private_entities.show(Sight(secret, "getGroup", "owner"), private_entities.account.owner)
    group = private_entities.entity(secret)
    need_members(*scene.show(WITH_MEMBERS, private_entities.account.owner, group))
    exchange, row = scene.show(WITH_MEMBERS, callers[caller](), group)
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
