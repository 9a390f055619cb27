"""Requests whose path names nothing, or something that it cannot name; each is sent once.

What they might reach instead is read before the first and after the last one of each parameter.
"""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract import inputs
from conformance.http import Outcome
from conformance.http.assertions import need_success
from conformance.http.client import NO_BODY
from conformance.scenarios.once import Once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.contract.inputs import Cell
    from conformance.http import Exchange
    from conformance.scenarios.unusable_refs import UnusableRefs
    from conformance.scenarios.valid_writes import ValidWrites

GUILD = "10000000000000002"  # in the form of a guild; nobody gets so far as to look for it
KINDS = {"systemId": "system", "memberId": "member", "groupId": "group", "switchId": "switch"}
# What a request with a wrong parameter might reach instead of nothing: of switches perhaps the newest.
REACHED = {
    "systemId": ("getSystem", "getSystemSettings", "getSystemSwitches", "getMember"),
    "memberId": ("getGroup",),
    "groupId": ("getMember",),
    "switchId": ("getSystemSwitches", "getMember"),
}
# What other checks send: their refs need a target file, or the other system.
ELSEWHERE = ("messageId", "unset", "other-system")


def sent(contract: Contract) -> Iterator[Cell]:
    """Yield the cells that are sent here."""
    for cell in inputs.cells(contract, inputs.PATH):
        if not cell.because and not {cell.where, cell.input_class.id} & {*ELSEWHERE}:
            yield cell


class PathRefs:
    """Sends all cells of a parameter when a check first asks for one of them."""

    def __init__(self, account: Account, writes: ValidWrites, refs: UnusableRefs) -> None:
        """Take what makes the requests and the refs; nothing is sent yet."""
        self.account, self.writes, self.refs = account, writes, refs
        self._once = Once()
        self._begun: set[str] = set()
        self._seen: dict[str, Any] = {}

    def response(self, cell: Cell) -> Exchange:
        """Return the response to a cell; raises the outcome that prevented it."""
        self._send_all(cell.where)
        found: Exchange = self._once.get(cell.name, lambda: self._send(cell))
        return found

    def reached(self, where: str, read: str) -> tuple[Any, Exchange]:
        """Return what a read showed before all cells of a parameter, and the response to it after them."""
        self._send_all(where)
        return self._before(where, read), self._after(where, read)

    def _before(self, where: str, read: str) -> Any:
        return self._once.get(f"before {where}: {read}", lambda: self._shown(read))

    def _after(self, where: str, read: str) -> Exchange:
        found: Exchange = self._once.get(f"after {where}: {read}", lambda: self._read(read))
        return found

    def _send_all(self, where: str) -> None:
        if where in self._begun:
            return
        self._begun.add(where)
        contract = self.account.contract
        reads = [name for name in REACHED.get(where, ()) if name in contract.operations]
        with contextlib.suppress(Outcome):
            self.writes.ref("switchId")  # or the list of switches might have none to change
        for read in reads:
            with contextlib.suppress(Outcome):
                self._before(where, read)
        for cell in sent(contract):
            if cell.where == where:
                with contextlib.suppress(Outcome):
                    self._once.get(cell.name, functools.partial(self._send, cell))
        for read in reads:
            with contextlib.suppress(Outcome):
                self._after(where, read)

    def _read(self, name: str) -> Exchange:
        write = self.writes.write(self.account.contract.operations[name])
        exchange = self.account.owner.send(name, write.refs)
        self._seen.pop(name, None)
        if exchange.ok:
            self._seen[name] = self.writes.shown(exchange)
        return exchange

    def _shown(self, name: str) -> Any:
        """Return what a read shows; it is not sent again when it followed the cells of another parameter."""
        if name not in self._seen:
            need_success(self._read(name))
        return self._seen[name]

    def _send(self, cell: Cell) -> Exchange:
        operation, owner = cell.operation, self.account.owner
        body = self.writes.body(operation)
        exchange = owner.send(
            operation.id,
            self._path(cell),
            json=NO_BODY if body is None else body,
        )
        if operation.action == "create":
            self.account.adopt(operation.entity.lower(), {}, exchange)
        return exchange

    def _path(self, cell: Cell) -> dict[str, str]:
        """Return the parameters of a path, all valid but for the one of the cell."""
        refs = {
            name: GUILD if name == "guildId" else self.writes.ref(name)
            for name in inputs.parameters(cell.operation)
            if name != cell.where
        }
        if cell.input_class.id == "below-other-system":
            return {"switchId": self.writes.ref("switchId"), "systemId": self.refs.foreign_system}
        return {**refs, cell.where: self._ref(cell)}

    def _ref(self, cell: Cell) -> str:
        name, kind = cell.input_class.id, KINDS.get(cell.where, "")
        if name == "unknown-uuid":
            return self.refs.uuid
        if name == "unknown-short-id":
            return self.refs.short_id
        if name == "deleted":
            entity = self.refs.deleted(kind)
            return entity.uuid if cell.operation.writes else entity.id
        if name == "another-kind":
            return self.refs.of_another_kind(kind).uuid
        return self.refs.allowed(str(cell.input_class.value))


@pytest.fixture(scope="session")
def path_refs(account: Account, valid_writes: ValidWrites, unusable_refs: UnusableRefs) -> PathRefs:
    """What all checks of refs in paths look at."""
    return PathRefs(account, valid_writes, unusable_refs)
