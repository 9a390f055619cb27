"""Members and groups that are deleted by several id formats, and every list that must no longer show them."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from conformance.account.refs import Address
from conformance.http import ME, Outcome
from conformance.http.assertions import need_success
from conformance.scenarios.once import outcome_of, value_or_raise

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.account import Account, Entity
    from conformance.http import Caller, Exchange
    from conformance.scenarios.renamed_fronter import RenamedFronter
    from conformance.scenarios.shown_entities import ShownEntities


NO_CONTENT = 204

# The id formats in which paths name the separate entities, in their order.
NAMED = {"Member": ("short", "upper", "uuid"), "Group": ("short", "dashed", "uuid")}


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
        self._lists: dict[str, Exchange] = {}
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
        return value_or_raise(self._left[step])

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
            # By both ids, so that a server that keeps what it has read shows it.
            for ref in (self.entities[model][0].id, self.entities[model][0].uuid):
                self.account.owner.send(f"get{model}", Address(model, ref, ref).refs("short"))
            with contextlib.suppress(Outcome):
                self.delete(model, 0)
        self._take("getGroupMembers", group.refs)
        self._take("getMemberGroups", member.refs)
        self._take("getSystemGroups", ME, query={"with_members": "true"})
        self._take("getFronters", ME)
        self._take_as_others(group)

    def seen(self, caller: str, operation: str) -> Exchange:
        """Return a read of a caller, sent when the first of each kind were deleted; the member was in a switch and a group."""
        need_success(self.delete("Member", 0))
        self.renamed_fronter.logged()
        return self._around(f"{operation} of {caller}")

    def _take_as_others(self, group: Entity) -> None:
        """Read what others see of the group and the switch of the deleted member, and the switch as its owner does."""
        account = self.account
        at = {"systemId": account.system_id}
        second = account.other if account.other.token else account.anonymous
        reads: tuple[tuple[str, Callable[[], dict[str, str]], tuple[Caller, ...]], ...] = (
            (
                "getSwitch",
                lambda: {**self.renamed_fronter.logged().refs, **at},
                (account.owner, account.anonymous),
            ),
            ("getSystemSwitches", lambda: at, (account.owner, second)),
            ("getFronters", lambda: at, (second,)),
            ("getGroupMembers", lambda: group.refs, (account.anonymous,)),
        )
        for operation, refs, callers in reads:
            for caller in callers:
                who = "owner" if caller is account.owner else "others"
                name = f"{operation} of {who}"
                self._left[name] = outcome_of(partial(self._send_as, caller, operation, refs))

    @staticmethod
    def _send_as(caller: Caller, operation: str, refs: Callable[[], dict[str, str]]) -> Exchange:
        return caller.send(operation, refs())

    def _take(self, operation: str, refs: dict[str, str], **message: Any) -> None:
        self._left[operation] = outcome_of(
            lambda: self.account.owner.send(operation, refs, **message)
        )

    def delete(self, model: str, number: int) -> Exchange:
        """Return the response to the DELETE of one entity."""
        key = (model, number)
        if not self._left:
            self._begin()
        if key not in self._responses:
            self._responses[key] = outcome_of(lambda: self._delete(model, number))
        return value_or_raise(self._responses[key])

    def read(self, model: str, ref: str) -> Exchange:
        """Return what is found by a ref after the first entity was deleted."""
        if (model, ref) not in self._reads:
            self.delete(model, 0)
            refs = Address(model, ref, ref).refs("short")
            self._reads[model, ref] = self.account.owner.send(f"get{model}", refs)
        return self._reads[model, ref]

    def all_deleted(self, model: str) -> list[Entity]:
        """Delete all entities of a model, and return those that could be."""
        found: list[Entity] = []
        for number, entity in enumerate(self.entities[model]):
            with contextlib.suppress(Outcome):
                found += [entity] if self.delete(model, number).ok else []
        return found

    def listed(self, model: str) -> Exchange:
        """Return the list of the system, read when all of them, and the first of the other model, were deleted."""
        if model not in self._lists:
            self.all_deleted(model)
            self._lists[model] = self.account.owner.send(f"getSystem{model}s", ME)
        return self._lists[model]

    def _delete(self, model: str, number: int) -> Exchange:
        entity: Entity = self.entities[model][number]
        refs = Address(model, entity.id, entity.uuid).refs(NAMED[model][number])
        exchange = self.account.owner.send(f"delete{model}", refs)
        if exchange.ok:
            self.account.journal.deleted(entity.kind, entity.id)
        return exchange


@pytest.fixture(scope="session")
def deleted_entities(
    account: Account, listed_entities: ShownEntities, renamed_fronter: RenamedFronter
) -> DeletedEntities:
    """What all checks of this module look at."""
    return DeletedEntities(account, listed_entities, renamed_fronter)
