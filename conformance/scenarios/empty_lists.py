"""Private lists with nothing in them, as nobody in particular reads them: those of a system in which nothing was created yet.

The last read is of the fronters after a switch-out. What the responses must be is in `conformance.checks.privacy.empty_lists`.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import pytest

from conformance.http import NotApplicable, PreconditionFailed
from conformance.http.assertions import need_privacy, need_success
from conformance.scenarios.once import outcome_of, value_or_raise

if TYPE_CHECKING:
    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.http import Exchange, Outcome

FRONTERS, SWITCHED_OUT = "getFronters", "getFronters after a switch-out"
LISTS = {
    "getSystemMembers": "members",
    "getSystemGroups": "groups",
    "getSystemSwitches": "switches",
    FRONTERS: "switches",
    SWITCHED_OUT: "switches",
}
"""Each read, and of what there must be nothing."""


class EmptyLists:
    """Makes the lists private together, reads each once, and makes them public again."""

    def __init__(self, account: Account, contract: Contract) -> None:
        """Take the account; nothing is sent yet."""
        self.account, self.contract = account, contract
        self._responses: dict[str, Exchange | Outcome] = {}
        self._entered: Exchange | Outcome | None = None

    def response(self, read: str) -> Exchange:
        """Return the response to a read; raises an outcome where the list is not private, or not empty."""
        if self._entered is None:
            self._entered = outcome_of(self._send_all)
        entered = value_or_raise(self._entered)
        key = self.key_of(read)
        if need_privacy(entered).get(key) != "private":
            reason = f"{key} could not be made private"
            raise PreconditionFailed(reason, entered)
        return value_or_raise(self._responses[read])

    def key_of(self, read: str) -> str:
        """Return the privacy key that closes a list."""
        closed_by = self.contract.operations[read.partition(" ")[0]].private_list
        assert closed_by is not None
        return closed_by.key

    def _send_all(self) -> Exchange:
        self._need_nothing()
        keys = {self.key_of(read) for read in LISTS}
        need_success(self.account.change_system(privacy=dict.fromkeys(keys, "private")))
        entered = self.account.owner.send("getSystem", {"systemId": self.account.system_id})
        for read in LISTS:
            self._responses[read] = outcome_of(functools.partial(self._read, read))
        # What follows reads in public; at the end it is put back.
        self.account.change_system(privacy=dict.fromkeys(keys, "public"))
        return entered

    def _need_nothing(self) -> None:
        """Raise NotApplicable when the system has members, groups or switches, of the run or from before it."""
        created = [kind for kind, _ in self.account.journal.record.created]
        if created or any(self.account.snapshot.refs[kind] for kind in set(LISTS.values())):
            reason = "the system is not empty"
            raise NotApplicable(reason)

    def _read(self, read: str) -> Exchange:
        operation, refs = read.partition(" ")[0], {"systemId": self.account.system_id}
        if read != SWITCHED_OUT:
            return self.account.anonymous.send(operation, refs)
        switch = self.account.switch()
        exchange = self.account.anonymous.send(operation, refs)
        self.account.delete(switch)
        return exchange


@pytest.fixture(scope="session")
def empty_lists(account: Account, contract: Contract) -> EmptyLists:
    """The reads that the checks of private lists without entries share."""
    return EmptyLists(account, contract)
