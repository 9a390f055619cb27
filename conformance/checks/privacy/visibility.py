"""Members and groups with private visibility, and what lists say of others (docs: models)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.checks.privacy.combinations import NAMED
from conformance.contract.rows import Row
from conformance.http import PreconditionFailed
from conformance.http.assertions import ABSENT, described, expect, expect_status, need_list
from conformance.http.outcomes import Wording
from conformance.scenarios.private_entities import EntityView, all_keys, unlisting_key
from conformance.scenarios.shown_entities import WITH_MEMBERS
from conformance.scenarios.system_privacy import LAUNCH, OTHERS, id_formats

FAILED = 500

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.private_entities import PrivateEntities

HTTP_SERVER_ERROR = 500


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


def others_by_id_format(contract: Contract) -> Iterator[tuple[str, str, str]]:
    """Yield how others name the system whose groups they list with members: caller, id format, and the name of both in reports.

    At the launch PluralKit production fails at each of these lists, which one check reports.
    """
    for caller in OTHERS:
        yield caller, "short", caller
    formats = id_formats(contract, "System") if contract.revision != LAUNCH else ()
    for number, id_format in enumerate(formats):
        caller = OTHERS[number % len(OTHERS)]
        yield caller, id_format, f"{id_format}-{caller}"


def with_members(contract: Contract) -> Iterator[Row]:
    """Rows for groups listed with their members, and without the hidden ones, for each caller."""
    for model in ("Member", "Group") if contract.revision != LAUNCH else ():
        private_keys = unlisting_key(contract, model)
        rules = contract.named("private_key", model=model, privacy=private_keys.state)
        for caller, id_format, name in (
            *others_by_id_format(contract),
            ("owner", "short", "owner"),
        ):
            view = EntityView(private_keys, WITH_MEMBERS, caller, id_format)
            yield Row(view, f"{private_keys.name}-{name}", rules)


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
    exchange, row = private_entities.shown_entities().show(
        WITH_MEMBERS, caller, group, entity_view.id_format
    )
    of_groups = entity_view.private_keys.model == "Group"
    rows = need_list(exchange) if of_groups else need_members(exchange, row)
    expect_listed(exchange, entity_view, private_entities, rows)


def member_views(contract: Contract) -> Iterator[Row]:
    """The same rows, for what others see of a group that is all public."""
    of_members = (row for row in with_members(contract) if row.value.private_keys.model == "Member")
    for row in of_members:
        if row.value.caller in OTHERS:
            name = row.id.removeprefix(f"{row.value.private_keys.name}-")
            yield Row(row.value, name, ("get-groups-with-members",))


@each("entity_view", member_views)
def check_others_see_members(
    entity_view: EntityView, private_entities: PrivateEntities, callers: Any
) -> None:
    """Among groups listed with members others find a list of them, too."""
    caller = callers[entity_view.caller]()
    private_entities.show(
        EntityView(entity_view.private_keys, "getMember", "owner"), private_entities.account.owner
    )
    exchange, row = private_entities.shown_entities().show(
        WITH_MEMBERS,
        caller,
        private_entities.shown_entities().groups[0],
        entity_view.id_format,
    )
    members = row.get("members", ABSENT)
    expect(
        f"members of a listed group for {entity_view.caller}",
        holds=isinstance(members, list),
        expected=Wording("a list"),
        actual=members,
        exchange=exchange,
    )


@requirement("get-groups-with-members")
@each("caller", lambda _: (Row(caller, caller) for caller in OTHERS))
def check_hidden_group_does_not_break_the_list(
    caller: str, private_entities: PrivateEntities, callers: Any
) -> None:
    """Beside a hidden group that has members the other groups are listed with their members for others, too."""
    shown_entities = private_entities.shown_entities()
    launched = private_entities.contract.revision == LAUNCH
    group = private_entities.entity(unlisting_key(private_entities.contract, "Group"))
    need_members(*shown_entities.show(WITH_MEMBERS, private_entities.account.owner, group))
    exchange = shown_entities.read(WITH_MEMBERS, callers[caller]())
    expect_status(exchange, 200, as_upstream=exchange.status == FAILED and launched)


def named_by_others(contract: Contract) -> Iterator[Row]:
    """Rows for others who list groups with their members, and how they name the system."""
    for caller, id_format, name in others_by_id_format(contract):
        yield Row((caller, id_format), name)


@requirement("group-list-privacy-covers-with-members")
@each("case", named_by_others)
def check_private_list_is_not_shown(
    case: tuple[str, str], private_entities: PrivateEntities, callers: Any
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
    caller, id_format = case
    exchange, row = shown_entities.show(WITH_MEMBERS, callers[caller](), group, id_format)
    leaked = row.get("members") or []
    expect(
        "members of a group whose list is private",
        holds=not leaked,
        expected="none",
        actual=leaked,
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


@requirement("get-groups-with-members-hides-private-groups")
@each("caller", lambda _: (Row(caller, caller) for caller in OTHERS))
def check_groups_with_members_leave_out_a_private_one(
    caller: str, private_entities: PrivateEntities, callers: Any
) -> None:
    """Others get the groups with their members beside a group with private visibility, and that one is not among them."""
    private_keys = unlisting_key(private_entities.contract, "Group")
    private_entities.show(
        EntityView(private_keys, "getGroup", "owner"), private_entities.account.owner
    )
    exchange = private_entities.shown_entities().read(WITH_MEMBERS, callers[caller]())
    failed = exchange.status is None or exchange.status >= HTTP_SERVER_ERROR
    expect(
        f"{exchange.label} beside a group with private visibility",
        holds=not failed,
        expected=Wording("the other groups"),
        actual=described(exchange),
        exchange=exchange,
        as_upstream=failed and private_entities.contract.revision == LAUNCH,
    )
    entity_view = EntityView(private_keys, WITH_MEMBERS, caller)
    plain = private_entities.shown_entities().read("getSystemGroups", callers[caller]())
    group = private_entities.entity(private_keys).id
    if group in [row.get("id") for row in need_list(plain) if isinstance(row, dict)]:
        reason = f"{plain.label} shows the group without its members, too"
        raise PreconditionFailed(reason, plain)
    expect_listed(exchange, entity_view, private_entities, need_list(exchange))
