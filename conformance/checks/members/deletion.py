"""A member or group that is deleted is gone (docs: endpoints#delete-member, #delete-group).

Each of the separate entities is deleted by another id format; the first member while fronting, and in a group. A
group and a member of them have all entities in their lists, which lose no more than what is deleted. How
switches are deleted is not tested here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.account.refs import rule_of
from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.http import PreconditionFailed
from conformance.http.assertions import (
    expect,
    expect_error,
    expect_rejected,
    expect_status,
    expect_value,
    need_list,
    need_object,
    need_success,
)
from conformance.http.outcomes import Wording
from conformance.scenarios.deleted_entities import NAMED, NO_CONTENT, DeletedEntities

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract

NOT_FOUND = 404
CODES = {"Member": 20002, "Group": 20004}


def by_short_id(contract: Contract) -> Iterator[Row]:
    """Rows for what is deleted by its short id, with what the docs say of the response."""
    for model in NAMED:
        rules = contract.named("no_content", operation=f"delete{model}")
        yield Row(model, model.lower(), rules)


def by_id_format(_: Contract) -> Iterator[Row]:
    """Rows for each id format by which something is deleted."""
    for model, id_formats in NAMED.items():
        for number, id_format in enumerate(id_formats):
            yield Row((model, number), f"{model.lower()}-{id_format}", (rule_of(model, id_format),))


def gone(contract: Contract) -> Iterator[Row]:
    """Rows for what can no longer be found."""
    for model in NAMED:
        rules = contract.named("gone", operation=f"delete{model}")
        yield Row(model, model.lower(), rules)


def joined(_: Contract) -> Iterator[Row]:
    """The same rows, for the lists of the memberships."""
    yield Row("Member", "group-members", ("add-group-members-takes-effect",))
    yield Row("Group", "member-groups", ("add-member-groups-takes-effect",))


def rejected(contract: Contract) -> Iterator[Row]:
    """The same rows, for the rejection."""
    for model, code in CODES.items():
        yield Row(model, model.lower(), contract.named("error_code", code=code))


@each("model", by_short_id)
def check_delete_is_204(model: str, deleted_entities: DeletedEntities) -> None:
    """A DELETE returns 204 without content."""
    exchange = deleted_entities.delete(model, 0)
    expect_status(exchange, NO_CONTENT)
    expect(
        f"body of {exchange.label}",
        holds=exchange.text == "",
        expected=Wording("no content"),
        actual=exchange.text,
        exchange=exchange,
    )


@each("case", by_id_format)
def check_delete_by_id_format(case: tuple[str, int], deleted_entities: DeletedEntities) -> None:
    """What a path names in any id format can be deleted."""
    exchange = deleted_entities.delete(*case)
    if not exchange.ok and exchange.status != NOT_FOUND:
        need_success(
            deleted_entities.delete(case[0], 0)
        )  # by the short id, for its own requirement
    expect_status(exchange, 200, NO_CONTENT)


@each("model", gone)
def check_deleted_is_not_found(model: str, deleted_entities: DeletedEntities) -> None:
    """What was deleted is found by none of its ids."""
    need_success(deleted_entities.delete(model, 0))
    entity = deleted_entities.entities[model][0]
    for ref in (entity.id, entity.uuid):
        expect_rejected(deleted_entities.read(model, ref))


@each("model", rejected)
def check_deleted_is_unknown(model: str, deleted_entities: DeletedEntities) -> None:
    """The short id of what was deleted returns what an unknown one does."""
    need_success(deleted_entities.delete(model, 0))
    exchange = deleted_entities.read(model, deleted_entities.entities[model][0].id)
    if exchange.ok:
        reason = f"{exchange.label} still finds what was deleted"
        raise PreconditionFailed(reason, exchange)
    expect_error(exchange, 404, (CODES[model],))


@each("model", gone)
def check_deleted_is_in_no_membership(model: str, deleted_entities: DeletedEntities) -> None:
    """A group does not list a member that was deleted, nor a member a group."""
    exchange = deleted_entities.left("getGroupMembers" if model == "Member" else "getMemberGroups")
    deleted = deleted_entities.entities[model][0].uuid
    rows = [row for row in need_list(exchange) if isinstance(row, dict)]
    listed = [row.get("id") for row in rows if row.get("uuid") == deleted]
    expect_value(exchange, "deleted and listed", listed, [])


@each("model", joined)
def check_all_others_are_in_the_membership(model: str, deleted_entities: DeletedEntities) -> None:
    """All members that were added to a group are in it, and a member is in all groups, but for those that were deleted."""
    exchange = deleted_entities.left("getGroupMembers" if model == "Member" else "getMemberGroups")
    shown = [row.get("id") for row in need_list(exchange) if isinstance(row, dict)]
    deleted = deleted_entities.entities[model][0].id
    missing = [ref for ref in deleted_entities.added[model] if ref not in (deleted, *shown)]
    expect_value(exchange, "added and not listed", missing, [])


@requirement("get-groups-with-members")
def check_all_others_are_among_members_of_groups(deleted_entities: DeletedEntities) -> None:
    """A group that is listed with its members names all whom the list of its members shows."""
    alone, exchange = (
        deleted_entities.left("getGroupMembers"),
        deleted_entities.left("getSystemGroups"),
    )
    members = {row.get("uuid") for row in need_list(alone) if isinstance(row, dict)}
    group = deleted_entities.entities["Group"][1].id
    for row in need_list(exchange):
        if isinstance(row, dict) and row.get("id") == group:
            missing = sorted(map(str, members - {*(row.get("members") or ())}))
            expect_value(exchange, "members and not named", missing, [])


@requirement("get-groups-contains-created")
def check_all_others_are_listed(deleted_entities: DeletedEntities) -> None:
    """The list of groups shows all that were made, but for the one that was deleted."""
    exchange = deleted_entities.left("getSystemGroups")
    shown = [row.get("id") for row in need_list(exchange) if isinstance(row, dict)]
    deleted = deleted_entities.entities["Group"][0].id
    missing = [ref for ref in deleted_entities.added["Group"] if ref not in (deleted, *shown)]
    expect_value(exchange, "made and not listed", missing, [])


@requirement("get-fronters-returns-switch-with-members")
def check_fronters_are_shown_without_the_deleted(deleted_entities: DeletedEntities) -> None:
    """The fronters return when one of them was deleted, whether or not that one is still shown."""
    need_success(deleted_entities.delete("Member", 0))
    deleted_entities.renamed_fronter.logged()
    exchange = deleted_entities.left("getFronters")
    expect_status(exchange, 200, NO_CONTENT)
    rows = need_object(exchange).get("members") if exchange.status != NO_CONTENT else []
    holds = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
    expected = Wording("a list of member objects")
    expect("members", holds=holds, expected=expected, actual=rows, exchange=exchange)


@requirement("deleted-member-is-gone", "get-groups-with-members")
def check_deleted_is_not_among_members_of_groups(deleted_entities: DeletedEntities) -> None:
    """A group that is listed with its members does not name one that was deleted."""
    exchange = deleted_entities.left("getSystemGroups")
    deleted, group = (
        deleted_entities.entities["Member"][0].uuid,
        deleted_entities.entities["Group"][1].id,
    )
    for row in need_list(exchange):
        if isinstance(row, dict) and row.get("id") == group:
            named = [ref for ref in row.get("members") or () if ref == deleted]
            expect_value(exchange, "deleted and named", named, [])


@each("model", gone)
def check_deleted_is_not_listed(model: str, deleted_entities: DeletedEntities) -> None:
    """What was deleted is not in the list of its system."""
    deleted = [entity.uuid for entity in deleted_entities.all_deleted(model)]
    exchange = deleted_entities.listed(model)
    rows = [row for row in need_list(exchange) if isinstance(row, dict)]
    listed = [row.get("id") for row in rows if row.get("uuid") in deleted]
    expect_value(exchange, "deleted and listed", listed, [])
