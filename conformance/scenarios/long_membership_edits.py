"""Edits of memberships with long lists: all that the run has created so far.

What the lists must show is in `conformance.checks.memberships.long_lists`.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

import pytest

from conformance.http.assertions import need_list
from conformance.scenarios.membership_edits import OPERATIONS
from conformance.scenarios.once import outcome_of, value_or_raise

if TYPE_CHECKING:
    from conformance.account import Account
    from conformance.http import Exchange, Outcome
    from conformance.scenarios.shown_entities import ShownEntities

LISTED = {"Group": "member", "Member": "group"}
VERBS = ("overwrite", "remove", "add")
MOST = 50


@dataclasses.dataclass(frozen=True)
class LongEdit:
    """One request: the ids that were listed before it, those that it names, its response, and the list after it."""

    before: set[str]
    refs: list[str]
    response: Exchange
    after: Exchange

    def expected(self, verb: str) -> set[str]:
        """Return the ids that must be listed afterwards."""
        named = set(self.refs)
        return {"overwrite": named, "remove": self.before - named, "add": self.before | named}[verb]


class LongMembershipEdits:
    """Overwrites a list with many entries, removes all but the last, and adds them again; each is sent once."""

    def __init__(self, account: Account, listed_entities: ShownEntities) -> None:
        """Take a group and a member to name in paths, in a system that has many."""
        self.account, self.entities = account, listed_entities
        self._edits: dict[tuple[str, str], LongEdit | Outcome] = {}

    def edit(self, model: str, verb: str) -> LongEdit:
        """Return what became of an edit by the path of a model; raises the outcome that prevented it."""
        if (model, verb) not in self._edits:
            self._send_all(model)
        return value_or_raise(self._edits[model, verb])

    def _send_all(self, model: str) -> None:
        before = outcome_of(lambda: self._read(model))
        created = self.account.journal.record.created
        every = dict.fromkeys(ref for kind, ref in created if kind == LISTED[model])
        refs = [*every][:MOST]
        for verb, listed in zip(VERBS, (refs, refs[:-1], refs), strict=True):
            edit = outcome_of(functools.partial(self._send, model, verb, listed, before))
            self._edits[model, verb] = edit
            before = edit.after if isinstance(edit, LongEdit) else edit

    def _send(self, model: str, verb: str, refs: list[str], before: Exchange | Outcome) -> LongEdit:
        known = set(ids(value_or_raise(before)))
        operation = verb + OPERATIONS[model].suffix
        response = self.account.owner.send(operation, self._path(model), json=refs)
        return LongEdit(known, refs, response, self._read(model))

    def _read(self, model: str) -> Exchange:
        return self.account.owner.send(OPERATIONS[model].read, self._path(model))

    def _path(self, model: str) -> dict[str, str]:
        return (self.entities.groups[2] if model == "Group" else self.entities.members[1]).refs


def ids(exchange: Exchange) -> list[str]:
    """Return the short ids of a list."""
    return [str(row.get("id")) for row in need_list(exchange) if isinstance(row, dict)]


@pytest.fixture(scope="session")
def long_membership_edits(account: Account, listed_entities: ShownEntities) -> LongMembershipEdits:
    """The edits with long lists that all checks share."""
    return LongMembershipEdits(account, listed_entities)
