"""Lists of memberships with an entry that must be rejected, or with the same one twice, and what is in the list after them."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Any

import pytest

from conformance.http import Outcome
from conformance.http.assertions import need_success
from conformance.scenarios.entries import REPEATED, of_entries, refs_of
from conformance.scenarios.membership_edits import OPERATIONS, VERBS, shows
from conformance.scenarios.once import Once, value_or_raise

if TYPE_CHECKING:
    from conformance.account import Entity
    from conformance.contract import Contract
    from conformance.contract.inputs import Cell
    from conformance.http import Exchange
    from conformance.scenarios.shown_entities import ShownEntities
    from conformance.scenarios.unusable_refs import UnusableRefs

# Of the two that lists name, the one that the verb would add or remove; at first the first is in the list.
GOOD = {"add": 1, "remove": 0, "overwrite": 1}
GOOD_TWICE = {"add": 1, "remove": 0, "overwrite": 0}


@dataclasses.dataclass
class Lists:
    """What was in a list before and after requests, as places among the two entities; and the read after them."""

    before: set[int]
    after: set[int]
    read: Exchange


class RejectedLists:
    """Sends all lists of one model when a check first asks for one; those of members of groups come first."""

    def __init__(self, separate_entities: ShownEntities, refs: UnusableRefs) -> None:
        """Take entities; what is named here, the edits of memberships do not name together."""
        members, groups = separate_entities.members, separate_entities.groups
        self.refs, self.owner = refs, refs.account.owner
        self.paths: dict[str, Entity] = {"Group": groups[0], "Member": members[1]}
        self.listed: dict[str, list[Entity]] = {"Group": members[:2], "Member": groups[::2]}
        self.sent: dict[str, list[Any]] = {}
        self._responses: dict[str, Exchange | Outcome] = {}
        self._lists: dict[str, Lists] = {}
        self._once = Once()

    def response(self, model: str, cell: Cell) -> Exchange:
        """Return the response to a cell; raises the outcome that prevented it."""
        self._send_all(model)
        return value_or_raise(self._responses[cell.name])

    def responses(self, model: str, operation: str) -> list[Exchange]:
        """Return all responses to lists of an operation that must be rejected."""
        self._send_all(model)
        names = [cell.name for cell in rejected(self.refs.account.contract, operation)]
        found = (self._responses[name] for name in names)
        return [response for response in found if not isinstance(response, Outcome)]

    def lists(self, model: str, name: str) -> Lists:
        """Return the list around all rejected requests of an operation, or around the one cell of this name."""
        self._send_all(model)
        return self._lists[name]

    def _send_all(self, model: str) -> None:
        for each in OPERATIONS:
            self._once.get(each, functools.partial(self._send_model, each))
            if each == model:
                return

    def _send_model(self, model: str) -> None:
        contract, suffix = self.refs.account.contract, OPERATIONS[model].suffix
        need_success(self._send(model, f"overwrite{suffix}", [self.listed[model][0].id]))
        before, _ = self._shown(model)
        for verb in VERBS:
            good = self.listed[model][GOOD[verb]]
            for number, cell in enumerate(rejected(contract, verb + suffix)):
                self._respond(model, cell, number, good)
            before = self._note(model, verb + suffix, before)
        for name in REPEATED:
            for verb in VERBS:
                cell = repeated(contract, verb + suffix, name)
                self._respond(model, cell, 0, self.listed[model][GOOD_TWICE[verb]])
                before = self._note(model, cell.name, before)

    def _respond(self, model: str, cell: Cell, number: int, good: Entity) -> None:
        try:
            self.sent[cell.name] = refs_of(cell, number, good, self.refs)
            response = self._send(model, cell.operation.id, self.sent[cell.name])
            self._responses[cell.name] = response
        except Outcome as problem:
            self._responses[cell.name] = problem

    def _note(self, model: str, name: str, before: set[int]) -> set[int]:
        """Read the list after requests; return what is in it."""
        after, read = self._shown(model)
        self._lists[name] = Lists(before, after, read)
        return after

    def _shown(self, model: str) -> tuple[set[int], Exchange]:
        read = self.owner.send(OPERATIONS[model].read, self.paths[model].refs)
        listed = self.listed[model]
        return {number for number, entity in enumerate(listed) if shows(read, entity)}, read

    def _send(self, model: str, operation: str, refs: list[Any]) -> Exchange:
        return self.owner.send(operation, self.paths[model].refs, json=refs)


def rejected(contract: Contract, operation: str) -> list[Cell]:
    """Return the cells of an operation whose entry must be rejected."""
    cells = of_entries(contract, operation)
    return [cell for cell in cells if cell.input_class.id not in REPEATED]


def repeated(contract: Contract, operation: str, name: str) -> Cell:
    """Return the cell of an operation that names the same twice."""
    return next(c for c in of_entries(contract, operation) if c.input_class.id == name)


@pytest.fixture(scope="session")
def rejected_lists(separate_entities: ShownEntities, unusable_refs: UnusableRefs) -> RejectedLists:
    """What all checks of entries of memberships look at."""
    return RejectedLists(separate_entities, unusable_refs)
