"""Edits of memberships, by paths of groups and by paths of members: the requests, and the lists read after each.

What the lists must show is in `conformance.checks.memberships`.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, NamedTuple

import pytest

from conformance.account.refs import ID_FORMATS, Address, rule_of
from conformance.http import Outcome
from conformance.http.assertions import need_list
from conformance.scenarios.once import value_or_raise

if TYPE_CHECKING:
    from conformance.account import Account, Entity
    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.shown_entities import ShownEntities


class ListOperations(NamedTuple):
    """The operations whose path names one model and whose bodies list the other."""

    suffix: str
    """What operations are called after their verb."""
    slug: str
    """What requirements are called after their verb."""
    by_uuid: str
    """The requirement on UUIDs in the body."""
    read: str
    """The operation that reads the list."""
    read_reverse: str
    """The operation that reads the same membership by the other model."""


# By the model that the path names.
OPERATIONS = {
    "Group": ListOperations(
        "GroupMembers",
        "group-members",
        "member-refs-by-uuid",
        "getGroupMembers",
        "getMemberGroups",
    ),
    "Member": ListOperations(
        "MemberGroups",
        "member-groups",
        "group-refs-by-uuid",
        "getMemberGroups",
        "getGroupMembers",
    ),
}
VERBS = ("add", "remove", "overwrite")
REVERSE_READ = 1  # of the three listed entities, the one whose own list is read as well


@dataclasses.dataclass(frozen=True)
class Edit:
    """One request: the verb, and which of three entities it lists by short id and, before those, by UUID."""

    name: str
    verb: str
    short: tuple[int, ...]
    by_uuid: tuple[int, ...] = ()
    read_reverse: bool = False

    @property
    def listed(self) -> set[int]:
        """The entities that the request lists."""
        return {*self.short, *self.by_uuid}

    def expected(self, before: set[int]) -> set[int]:
        """Return which entities must be listed after the request."""
        if self.verb == "overwrite":
            return self.listed
        return before | self.listed if self.verb == "add" else before - self.listed

    def reveals(self, before: set[int]) -> bool:
        """Whether the request has an effect that a list can show, or leaves something there that it could change."""
        if self.verb == "overwrite":
            return bool(before)
        return bool(before - self.listed) or bool(
            self.listed - before if self.verb == "add" else self.listed & before
        )


EDITS = (
    Edit("add", "add", (1,), (0,), read_reverse=True),
    Edit("add-more", "add", (1, 2)),
    Edit("add-present", "add", (0,)),
    Edit("remove-all", "remove", (0, 2), (1,), read_reverse=True),
    Edit("add-again", "add", (2, 1), (0,), read_reverse=True),
    Edit("remove", "remove", (1,), (0,), read_reverse=True),
    Edit("overwrite", "overwrite", (1,), (0,), read_reverse=True),
    Edit("overwrite-some", "overwrite", (1, 2)),
    Edit("overwrite-same", "overwrite", (2, 1)),
    Edit("overwrite-part", "overwrite", (2,)),
    Edit("overwrite-by-uuid", "overwrite", (), (0, 1)),
    Edit("remove-some-absent", "remove", (0, 2)),
    Edit("remove-absent", "remove", (0,)),
    Edit("overwrite-empty", "overwrite", ()),
)
# A membership that no edit names, and that all leave as it is: by the model that the paths of the edits name, which group the
# entity whose own list is read gets, or which member. Its own list is read with `read_reverse`.
KEPT_GROUP, KEPT_MEMBER = 2, 0


# The id formats in which the last request names the three.
LISTED_FORMATS = ("upper", "capitals", "upper-uuid")
ID_FORMAT_REQUIREMENTS = ("id-accepted-uppercase", "id-accepted-with-dash")


@dataclasses.dataclass
class EditResult:
    """The response to one edit, the entities listed before, and the lists after it."""

    before: set[int]
    response: Exchange
    after: Exchange
    reverse: Exchange | None


def path_formats(contract: Contract, model: str) -> list[str]:
    """Return the id formats, of those that the revision has, by which the path of a list can name its entity."""
    return [name for name in ID_FORMATS if rule_of(model, name) in contract.requirements]


def shows(exchange: Exchange, entity: Entity) -> bool:
    """Whether a list shows an entity; one of its ids is enough."""
    rows = [row for row in need_list(exchange) if isinstance(row, dict)]
    return any(row.get("id") == entity.id or row.get("uuid") == entity.uuid for row in rows)


class MembershipEdits:
    """Sends all edits by both kinds of paths, once each."""

    def __init__(self, account: Account, separate_entities: ShownEntities) -> None:
        """Take three members and three groups; the second group and the third member, which paths name, are in none."""
        self.account, self.separate_entities = account, separate_entities
        self._results: dict[tuple[str, Edit], EditResult | Outcome] = {}
        self._edit_in_formats: dict[str, tuple[Exchange, Exchange]] = {}
        self._kept: dict[str, tuple[Entity, Exchange]] = {}
        self._not_found: dict[str, list[tuple[str, Exchange]]] = {model: [] for model in OPERATIONS}
        self._path_formats = {
            model: itertools.cycle(path_formats(account.contract, model)) for model in OPERATIONS
        }

    def path_entity(self, model: str) -> Entity:
        """Return the entity that the path names."""
        return (
            self.separate_entities.groups[1]
            if model == "Group"
            else self.separate_entities.members[2]
        )

    def listed(self, model: str) -> list[Entity]:
        """Return the entities that the bodies list."""
        return self.separate_entities.members if model == "Group" else self.separate_entities.groups

    def result(self, model: str, edit: Edit) -> EditResult:
        """Return the result of an edit."""
        if (model, edit) not in self._results:
            for each in (
                OPERATIONS
            ):  # always in this order: the edits of one show in the lists of the other
                self._send_all(each)
        return value_or_raise(self._results[model, edit])

    def shown(self, model: str, exchange: Exchange) -> set[int]:
        """Return which of the listed entities a response shows."""
        return {n for n, entity in enumerate(self.listed(model)) if shows(exchange, entity)}

    def kept(self, model: str) -> tuple[Entity, Exchange]:
        """Return what belongs to the entity whose own list is read and is in no edit, and that list before all edits."""
        self.result(model, EDITS[0])
        return self._kept[model]

    def edit_membership(self, model: str, verb: str, refs: list[str]) -> Exchange:
        """Send one request with a list of refs."""
        return self.account.owner.send(
            verb + OPERATIONS[model].suffix, self.path_entity(model).refs, json=refs
        )

    def not_found(self, model: str, id_format: str) -> list[Exchange]:
        """Return the reads that found nothing by an id format of the path, where the short id did."""
        self.edit_in_formats(model)
        return [response for name, response in self._not_found[model] if name == id_format]

    def read(self, model: str) -> Exchange:
        """Read the list, by another id format of the path each time; by the short id where that finds nothing."""
        operation, path_entity = OPERATIONS[model].read, self.path_entity(model)
        address = Address(model, path_entity.id, path_entity.uuid)
        try:
            id_format = next(self._path_formats[model])
            refs = address.refs(id_format)
        except Outcome:  # the ids of some servers have no place for a dash
            id_format, refs = "short", path_entity.refs
        exchange = self.account.owner.send(operation, refs)
        if exchange.ok or id_format == "short":
            return exchange
        plain = self.account.owner.send(operation, path_entity.refs)
        if plain.ok:
            self._not_found[model].append((id_format, exchange))
        return plain

    def _send_all(self, model: str) -> None:
        before: set[int] = set()
        self._add_kept(model)
        for edit in EDITS:
            try:
                result = self._send_edit(model, edit, before)
                before = self.shown(model, result.after)
                self._results[model, edit] = result
            except Outcome as problem:
                self._results.setdefault((model, edit), problem)
                rest = EDITS[EDITS.index(edit) + 1 :]
                self._results.update({(model, later): problem for later in rest})
                return

    def _add_kept(self, model: str) -> None:
        groups, members = self.separate_entities.groups, self.separate_entities.members
        of_group = model == "Group"
        group = groups[KEPT_GROUP if of_group else REVERSE_READ]
        member = members[REVERSE_READ if of_group else KEPT_MEMBER]
        self.account.owner.send("addGroupMembers", group.refs, json=[member.id])
        self._kept[model] = (group if of_group else member), self._read_reverse(model)

    def _read_reverse(self, model: str) -> Exchange:
        operation, entity = OPERATIONS[model].read_reverse, self.listed(model)[REVERSE_READ]
        return self.account.owner.send(operation, entity.refs)

    def edit_in_formats(self, model: str) -> tuple[Exchange, Exchange]:
        """Return the response to a list of refs in unusual id formats, and the list after it; all edits are sent before."""
        self.result(model, EDITS[-1])
        if model not in self._edit_in_formats:
            refs = [ref_in_format(entity, n) for n, entity in enumerate(self.listed(model))]
            response = self.edit_membership(model, "overwrite", refs)
            after = self.read(model)
            self._edit_in_formats[model] = response, after
        return self._edit_in_formats[model]

    def _send_edit(self, model: str, edit: Edit, before: set[int]) -> EditResult:
        entities = self.listed(model)
        refs = [entities[n].uuid for n in edit.by_uuid] + [entities[n].id for n in edit.short]
        response = self.edit_membership(model, edit.verb, refs)
        after = self.read(model)
        reverse = self._read_reverse(model) if edit.read_reverse else None
        return EditResult(before, response, after, reverse)


def ref_in_format(entity: Entity, number: int) -> str:
    """Return an id of the n-th listed entity in its id format; in upper case where that has no place for a dash."""
    address = Address(entity.kind.capitalize(), entity.id, entity.uuid)
    try:
        return address.in_format(LISTED_FORMATS[number])
    except Outcome:
        return address.in_format("upper")


@pytest.fixture(scope="session")
def membership_edits(account: Account, separate_entities: ShownEntities) -> MembershipEdits:
    """The edits that all checks of this module share."""
    return MembershipEdits(account, separate_entities)
