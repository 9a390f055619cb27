"""A member or group that is deleted is gone (docs: endpoints#delete-member, #delete-group).

Each entity of the circle is deleted by another spelling of its id; the first member while fronting, and in a group. A
group and a member of the circle have all that there is in their lists, which lose no more than what is deleted. How
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
    expect_refused,
    expect_status,
    expect_value,
    need_list,
    need_object,
    need_success,
)
from conformance.http.outcomes import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Entity, World
    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.renamed_fronter import Fronting
    from conformance.scenarios.shown_entities import Scene

# How the entities of the circle are named, in their order.
NAMED = {"Member": ("short", "upper", "uuid"), "Group": ("short", "dashed", "uuid")}
CODES = {"Member": 20002, "Group": 20004}
NO_CONTENT = 204


def by_short_id(_: Contract) -> Iterator[Row]:
    """Rows for what is deleted by its short id, with what the docs say of the answer."""
    return (Row(model, model.lower(), (f"delete-{model.lower()}-204",)) for model in NAMED)


def by_spelling(_: Contract) -> Iterator[Row]:
    """Rows for each spelling by which something is deleted."""
    for model, spellings in NAMED.items():
        for number, spelling in enumerate(spellings):
            yield Row((model, number), f"{model.lower()}-{spelling}", (rule_of(model, spelling),))


def gone(_: Contract) -> Iterator[Row]:
    """Rows for what can no longer be found."""
    return (Row(model, model.lower(), (f"deleted-{model.lower()}-is-gone",)) for model in NAMED)


def joined(_: Contract) -> Iterator[Row]:
    """The same rows, for the lists of the memberships."""
    yield Row("Member", "group-members", ("add-group-members-takes-effect",))
    yield Row("Group", "member-groups", ("add-member-groups-takes-effect",))


def refused(_: Contract) -> Iterator[Row]:
    """The same rows, for the refusal."""
    return (Row(model, model.lower(), (f"err-{code}",)) for model, code in CODES.items())


class Farewell:
    """Deletes the entities of the circle, once each, and looks for them afterwards."""

    def __init__(self, world: World, circle: Scene, fronting: Fronting) -> None:
        """Take the circle, which nobody needs any more, with who fronts of it."""
        self.world, self.fronting = world, fronting
        self.entities = {"Member": circle.members, "Group": circle.groups}
        self._answers: dict[tuple[str, int], Exchange | Outcome] = {}
        self._reads: dict[tuple[str, str], Exchange] = {}
        self._left: dict[str, Exchange | Outcome] = {}
        self.added: dict[str, list[str]] = {}

    def left(self, operation: str) -> Exchange:
        """Return a list that the first of each kind were in, read when both were deleted.

        Raises:
            Unmet: they could not be put into the lists, or not be deleted.

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
        created = self.world.journal.record.created
        for model in NAMED:
            refs = (ref for kind, ref in created if kind == model.lower())
            self.added[model] = [*dict.fromkeys(refs)]
        self._take("addGroupMembers", group.refs, json=self.added["Member"])
        self._take("addMemberGroups", member.refs, json=self.added["Group"])
        with contextlib.suppress(Outcome):
            self.fronting.renamed()
        for model in NAMED:
            with contextlib.suppress(Outcome):
                self.delete(model, 0)
        self._take("getGroupMembers", group.refs)
        self._take("getMemberGroups", member.refs)
        self._take("getSystemGroups", ME, query={"with_members": "true"})
        self._take("getFronters", ME)

    def _take(self, operation: str, refs: dict[str, str], **message: Any) -> None:
        try:
            self._left[operation] = self.world.owner.send(operation, refs, **message)
        except Outcome as problem:
            self._left[operation] = problem

    def delete(self, model: str, number: int) -> Exchange:
        """Return the answer to the DELETE of one entity."""
        key = (model, number)
        if not self._left:
            self._begin()
        if key not in self._answers:
            try:
                self._answers[key] = self._delete(model, number)
            except Outcome as problem:
                self._answers[key] = problem
        found = self._answers[key]
        if isinstance(found, Outcome):
            raise found
        return found

    def read(self, model: str, ref: str) -> Exchange:
        """Return what is found by a ref after the first entity was deleted."""
        if (model, ref) not in self._reads:
            self.delete(model, 0)
            refs = Address(model, ref, ref).refs("short")
            self._reads[model, ref] = self.world.owner.send(f"get{model}", refs)
        return self._reads[model, ref]

    def _delete(self, model: str, number: int) -> Exchange:
        entity: Entity = self.entities[model][number]
        refs = Address(model, entity.id, entity.uuid).refs(NAMED[model][number])
        exchange = self.world.owner.send(f"delete{model}", refs)
        if exchange.status == NO_CONTENT:
            self.world.journal.deleted(entity.kind, entity.id)
        return exchange


@pytest.fixture(scope="session")
def farewell(world: World, crowd: Scene, fronting: Fronting) -> Farewell:
    """What all checks of this module look at."""
    return Farewell(world, crowd, fronting)


@changes_system
@each("model", by_short_id)
def check_delete_is_204(model: str, farewell: Farewell) -> None:
    """A DELETE is answered 204 without content."""
    exchange = farewell.delete(model, 0)
    expect_status(exchange, NO_CONTENT)
    expect(
        f"body of {exchange.label}",
        holds=exchange.text == "",
        expected=Wording("no content"),
        actual=exchange.text,
        exchange=exchange,
    )


@changes_system
@each("case", by_spelling)
def check_delete_by_spelling(case: tuple[str, int], farewell: Farewell) -> None:
    """What a path names in any spelling can be deleted."""
    expect_status(farewell.delete(*case), 200, NO_CONTENT)


@changes_system
@each("model", gone)
def check_deleted_is_not_found(model: str, farewell: Farewell) -> None:
    """What was deleted is found by none of its ids."""
    entity = farewell.entities[model][0]
    for ref in (entity.id, entity.uuid):
        expect_refused(farewell.read(model, ref))


@changes_system
@each("model", refused)
def check_deleted_is_unknown(model: str, farewell: Farewell) -> None:
    """The short id of what was deleted is answered like one that never was."""
    exchange = farewell.read(model, farewell.entities[model][0].id)
    expect_error(exchange, 404, (CODES[model],))


@changes_system
@each("model", gone)
def check_deleted_is_in_no_membership(model: str, farewell: Farewell) -> None:
    """A group does not list a member that was deleted, nor a member a group."""
    exchange = farewell.left("getGroupMembers" if model == "Member" else "getMemberGroups")
    deleted = farewell.entities[model][0].uuid
    rows = [row for row in need_list(exchange) if isinstance(row, dict)]
    listed = [row.get("id") for row in rows if row.get("uuid") == deleted]
    expect_value(exchange, "deleted and listed", listed, [])


@changes_system
@each("model", joined)
def check_all_others_are_in_the_membership(model: str, farewell: Farewell) -> None:
    """All members that were added to a group are in it, and a member is in all groups, but for those that were deleted."""
    exchange = farewell.left("getGroupMembers" if model == "Member" else "getMemberGroups")
    shown = [row.get("id") for row in need_list(exchange) if isinstance(row, dict)]
    deleted = farewell.entities[model][0].id
    missing = [ref for ref in farewell.added[model] if ref not in (deleted, *shown)]
    expect_value(exchange, "added and not listed", missing, [])


@changes_system
@requirement("get-groups-with-members")
def check_all_others_are_among_members_of_groups(farewell: Farewell) -> None:
    """A group that is listed with its members names all whom the list of its members shows."""
    alone, exchange = farewell.left("getGroupMembers"), farewell.left("getSystemGroups")
    members = {row.get("uuid") for row in need_list(alone) if isinstance(row, dict)}
    group = farewell.entities["Group"][1].id
    for row in need_list(exchange):
        if isinstance(row, dict) and row.get("id") == group:
            missing = sorted(map(str, members - {*(row.get("members") or ())}))
            expect_value(exchange, "members and not named", missing, [])


@changes_system
@requirement("get-groups-contains-created")
def check_all_others_are_listed(farewell: Farewell) -> None:
    """The list of groups shows all that were made, but for the one that was deleted."""
    exchange = farewell.left("getSystemGroups")
    shown = [row.get("id") for row in need_list(exchange) if isinstance(row, dict)]
    deleted = farewell.entities["Group"][0].id
    missing = [ref for ref in farewell.added["Group"] if ref not in (deleted, *shown)]
    expect_value(exchange, "made and not listed", missing, [])


@changes_system
@requirement("get-fronters-returns-switch-with-members")
def check_fronters_are_shown_without_the_deleted(farewell: Farewell) -> None:
    """The fronters are answered when one of them was deleted, whether or not that one is still shown."""
    need_success(farewell.delete("Member", 0))
    farewell.fronting.logged()
    exchange = farewell.left("getFronters")
    expect_status(exchange, 200, NO_CONTENT)
    rows = need_object(exchange).get("members") if exchange.status != NO_CONTENT else []
    holds = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
    expected = Wording("a list of member objects")
    expect("members", holds=holds, expected=expected, actual=rows, exchange=exchange)


@changes_system
@requirement("deleted-member-is-gone", "get-groups-with-members")
def check_deleted_is_not_among_members_of_groups(farewell: Farewell) -> None:
    """A group that is listed with its members does not name one that was deleted."""
    exchange = farewell.left("getSystemGroups")
    deleted, group = farewell.entities["Member"][0].uuid, farewell.entities["Group"][1].id
    for row in need_list(exchange):
        if isinstance(row, dict) and row.get("id") == group:
            named = [ref for ref in row.get("members") or () if ref == deleted]
            expect_value(exchange, "deleted and named", named, [])


@changes_system
@each("model", gone)
def check_deleted_is_not_listed(model: str, farewell: Farewell, world: World) -> None:
    """What was deleted is not in the list of its system."""
    deleted = []
    for number, entity in enumerate(farewell.entities[model]):
        try:
            answer = farewell.delete(model, number)
        except Outcome:
            continue
        deleted += [entity.uuid] if answer.ok else []
    exchange = world.owner.send(f"getSystem{model}s", ME)
    rows = [row for row in need_list(exchange) if isinstance(row, dict)]
    listed = [row.get("id") for row in rows if row.get("uuid") in deleted]
    expect_value(exchange, "deleted and listed", listed, [])
