"""Refs that name nothing, or nothing that can be named in their place; each is made once, for paths and for lists."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pytest

from conformance.http import ME, NotApplicable, Outcome
from conformance.http.assertions import need_key, need_list, need_object, need_success
from conformance.scenarios.once import outcome_of, value_or_raise

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.account import Account, Entity
    from conformance.http import Caller
    from conformance.scenarios.valid_writes import ValidWrites

LISTS = {"member": "getSystemMembers", "group": "getSystemGroups"}


class UnusableRefs:
    """Unknown refs, what was deleted, and what belongs to the other system."""

    def __init__(self, account: Account, writes: ValidWrites, other: Callable[[], Caller]) -> None:
        """Take a function that returns the other caller; nothing is sent before the first ref is asked for."""
        self.account, self.writes, self.other = account, writes, other
        self._deleted: dict[str, Entity | Outcome] = {}
        self._foreign: dict[str, dict[str, Any]] = {}

    @functools.cached_property
    def uuid(self) -> str:
        """A UUID that nothing has."""
        return self.account.unknown_uuid()

    @functools.cached_property
    def short_id(self) -> str:
        """A short id that nothing has."""
        return self.allowed(self.account.unknown_id())

    def allowed(self, ref: str) -> str:
        """Return a ref that names nothing, to which requests may write from now on."""
        self.account.owner.client.guard.allow(ref)
        return ref

    def deleted(self, kind: str) -> Entity:
        """Return a member, group or switch that was created and deleted.

        Raises:
            PreconditionFailed: it could not be created, or not be deleted.

        """
        if kind not in self._deleted:
            self._deleted[kind] = outcome_of(lambda: self._delete(kind))
        return value_or_raise(self._deleted[kind])

    def of_another_kind(self, kind: str) -> Entity:
        """Return a group in the place of a member, and a member in any other."""
        return self.writes.group() if kind == "member" else self.writes.member()

    def foreign(self, kind: str) -> dict[str, Any]:
        """Return a member or group of the other system, as its owner sees it.

        Raises:
            NotApplicable: it has none.

        """
        if kind not in self._foreign:
            rows = need_list(self.other().send(LISTS[kind], ME))
            if not rows:
                reason = f"the other system has no {kind}"
                raise NotApplicable(reason)
            self._foreign[kind] = rows[0]
        return self._foreign[kind]

    @functools.cached_property
    def foreign_system(self) -> str:
        """The short id of the other system."""
        exchange = self.other().send("getSystem", ME)
        return str(need_key(exchange, need_object(exchange), "id"))

    def _delete(self, kind: str) -> Entity:
        account = self.account
        make: dict[str, Callable[[], Entity]] = {
            "member": account.member,
            "group": account.group,
            "switch": lambda: account.switch(timestamp=self._free_time()),
        }
        entity = make[kind]()
        need_success(account.delete(entity))
        return entity

    def _free_time(self) -> str:
        """Return a time at which nobody has a switch."""
        body = self.writes.body(self.account.contract.operations["createSwitch"])
        return str(body["timestamp"])


@pytest.fixture(scope="session")
def unusable_refs(account: Account, valid_writes: ValidWrites, callers: Any) -> UnusableRefs:
    """The refs that checks name where they must be rejected."""
    return UnusableRefs(account, valid_writes, callers["other"])
