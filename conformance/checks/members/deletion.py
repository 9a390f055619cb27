"""A member or group that is deleted is gone (docs: endpoints#delete-member, #delete-group).

Each of the separate entities is deleted by another id format; the first member while fronting, and in a group. A
group and a member of them have all entities in their lists, which lose no more than what is deleted. How
switches are deleted is not tested here.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from conformance.account.refs import Address, rule_of
from conformance.checks import changes_system, each, requirement
from conformance.contract.rows import Row
from conformance.http import ME, Outcome
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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account, Entity
    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.renamed_fronter import RenamedFronter
    from conformance.scenarios.shown_entities import ShownEntities

# The id formats in which paths name the separate entities, in their order.
NAMED = {"Member": ("short", "upper", "uuid"), "Group": ("short", "dashed", "uuid")}
CODES = {"Member": 20002, "Group": 20004}
NO_CONTENT = 204


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


class DeletedEntities:
    """Deletes the separate entities, once each, and reads them afterwards."""

    def __init__(
        self, account: Account, separate_entities: ShownEntities, renamed_fronter: RenamedFronter
    ) -> None:
        """Take the separate entities, which no later check needs, and the one of them who fronts."""
        self.account, self.renamed_fronter = account, renamed_fronter
        self.entities = {"Member": separate_entities.members, "Group": separate_entities.groups}
        self._responses: dict[tuple[str, int], Exchange | Outcome] = {}
        self._reads: dict[tuple[str, str], Exchange] = {}
        self._left: dict[str, Exchange | Outcome] = {}
        self.added: dict[str, list[str]] = {}

    def left(self, operation: str) -> Exchange:
        """Return a list that the first of each kind were in, read when both were deleted.

        Raises:
            PreconditionFailed: they could not be put into the lists, or not be deleted.

        """
        for model in NAMED:
            need_success(self.delete(model, 0))
        for put in ("addGroupMembers", "addMemberGroups"):
            need_success(self._around(put))
        return self._around(operation)

    def _around(self, step: str) -> Exchange:
        found = self._left[step]
        if isinstance(found, Outcome):
            raise found
        return found

    def _begin(self) -> None:
        """Put all members into a group and a member into all groups, and delete the first ones; read what is left."""
        (_, member, _), (_, group, _) = self.entities["Member"], self.entities["Group"]
        created = self.account.journal.record.created
        for model in NAMED:
            refs = (ref for kind, ref in created if kind == model.lower())
            self.added[model] = [*dict.fromkeys(refs)]
        self._take("addGroupMembers", group.refs, json=self.added["Member"])
        self._take("addMemberGroups", member.refs, json=self.added["Group"])
        with contextlib.suppress(Outcome):
            self.renamed_fronter.renamed()
        for model in NAMED:
            with contextlib.suppress(Outcome):
                self.delete(model, 0)
        self._take("getGroupMembers", group.refs)
        self._take("getMemberGroups", member.refs)
        self._take("getSystemGroups", ME, query={"with_members": "true"})
        self._take("getFronters", ME)

    def _take(self, operation: str, refs: dict[str, str], **message: Any) -> None:
        try:
            self._left[operation] = self.account.owner.send(operation, refs, **message)
        except Outcome as problem:
            self._left[operation] = problem

    def delete(self, model: str, number: int) -> Exchange:
        """Return the response to the DELETE of one entity."""
        key = (model, number)
        if not self._left:
            self._begin()
        if key not in self._responses:
            try:
                self._responses[key] = self._delete(model, number)
            except Outcome as problem:
                self._responses[key] = problem
        found = self._responses[key]
        if isinstance(found, Outcome):
            raise found
        return found

    def read(self, model: str, ref: str) -> Exchange:
        """Return what is found by a ref after the first entity was deleted."""
        if (model, ref) not in self._reads:
            self.delete(model, 0)
            refs = Address(model, ref, ref).refs("short")
            self._reads[model, ref] = self.account.owner.send(f"get{model}", refs)
        return self._reads[model, ref]

    def _delete(self, model: str, number: int) -> Exchange:
        entity: Entity = self.entities[model][number]
        refs = Address(model, entity.id, entity.uuid).refs(NAMED[model][number])
        exchange = self.account.owner.send(f"delete{model}", refs)
        if exchange.status == NO_CONTENT:
            self.account.journal.deleted(entity.kind, entity.id)
        return exchange


@pytest.fixture(scope="session")
def deleted_entities(
    account: Account, listed_entities: ShownEntities, renamed_fronter: RenamedFronter
) -> DeletedEntities:
    """What all checks of this module look at."""
    return DeletedEntities(account, listed_entities, renamed_fronter)


@changes_system
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


@changes_system
@each("case", by_id_format)
def check_delete_by_id_format(case: tuple[str, int], deleted_entities: DeletedEntities) -> None:
    """What a path names in any id format can be deleted."""
    expect_status(deleted_entities.delete(*case), 200, NO_CONTENT)


@changes_system
@each("model", gone)
def check_deleted_is_not_found(model: str, deleted_entities: DeletedEntities) -> None:
    """What was deleted is found by none of its ids."""
    entity = deleted_entities.entities[model][0]
    for ref in (entity.id, entity.uuid):
        expect_rejected(deleted_entities.read(model, ref))


@changes_system
@each("model", rejected)
def check_deleted_is_unknown(model: str, deleted_entities: DeletedEntities) -> None:
    """The short id of what was deleted returns like one that never was."""
    exchange = deleted_entities.read(model, deleted_entities.entities[model][0].id)
    expect_error(exchange, 404, (CODES[model],))


@changes_system
@each("model", gone)
def check_deleted_is_in_no_membership(model: str, deleted_entities: DeletedEntities) -> None:
    """A group does not list a member that was deleted, nor a member a group."""
    exchange = deleted_entities.left("getGroupMembers" if model == "Member" else "getMemberGroups")
    deleted = deleted_entities.entities[model][0].uuid
    rows = [row for row in need_list(exchange) if isinstance(row, dict)]
    listed = [row.get("id") for row in rows if row.get("uuid") == deleted]
    expect_value(exchange, "deleted and listed", listed, [])


@changes_system
@each("model", joined)
def check_all_others_are_in_the_membership(model: str, deleted_entities: DeletedEntities) -> None:
    """All members that were added to a group are in it, and a member is in all groups, but for those that were deleted."""
    exchange = deleted_entities.left("getGroupMembers" if model == "Member" else "getMemberGroups")
    shown = [row.get("id") for row in need_list(exchange) if isinstance(row, dict)]
    deleted = deleted_entities.entities[model][0].id
    missing = [ref for ref in deleted_entities.added[model] if ref not in (deleted, *shown)]
    expect_value(exchange, "added and not listed", missing, [])


@changes_system
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


@changes_system
@requirement("get-groups-contains-created")
def check_all_others_are_listed(deleted_entities: DeletedEntities) -> None:
    """The list of groups shows all that were made, but for the one that was deleted."""
    exchange = deleted_entities.left("getSystemGroups")
    shown = [row.get("id") for row in need_list(exchange) if isinstance(row, dict)]
    deleted = deleted_entities.entities["Group"][0].id
    missing = [ref for ref in deleted_entities.added["Group"] if ref not in (deleted, *shown)]
    expect_value(exchange, "made and not listed", missing, [])


@changes_system
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


@changes_system
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


@changes_system
@each("model", gone)
def check_deleted_is_not_listed(
    model: str, deleted_entities: DeletedEntities, account: Account
) -> None:
    """What was deleted is not in the list of its system."""
    deleted = []
    for number, entity in enumerate(deleted_entities.entities[model]):
        try:
            response = deleted_entities.delete(model, number)
        except Outcome:
            continue
        deleted += [entity.uuid] if response.ok else []
    exchange = account.owner.send(f"getSystem{model}s", ME)
    rows = [row for row in need_list(exchange) if isinstance(row, dict)]
    listed = [row.get("id") for row in rows if row.get("uuid") in deleted]
    expect_value(exchange, "deleted and listed", listed, [])
