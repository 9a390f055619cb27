"""Lists of bodies with an entry that must be rejected, or with the same one twice: what they hold, and those of switches."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from conformance.contract import inputs
from conformance.scenarios.rejected_writes import RejectedWrites

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Entity
    from conformance.contract import Contract, Operation
    from conformance.contract.inputs import Cell
    from conformance.http import Exchange
    from conformance.scenarios.rejected_writes import Request, Way
    from conformance.scenarios.unusable_refs import UnusableRefs
    from conformance.scenarios.valid_writes import ValidWrites

OF_SWITCHES = ("createSwitch", "updateSwitchMembers")
REPEATED = ("twice", "two-forms")


def of_entries(contract: Contract, operation: str) -> Iterator[Cell]:
    """Yield the cells of the entries in the list of an operation."""
    for cell in inputs.cells(contract, inputs.ENTRY):
        if cell.operation.id == operation and not cell.because:
            yield cell


def of_switches(contract: Contract) -> Iterator[Cell]:
    """Yield the cells of the members of switches, but for one member twice, which the history of switches sends."""
    for operation in OF_SWITCHES:
        for cell in of_entries(contract, operation):
            if cell.input_class.id != "twice":
                yield cell


def refs_of(cell: Cell, number: int, good: Entity, refs: UnusableRefs) -> list[Any]:
    """Return the list that a cell sends: every second bad entry stands after the good one."""
    if cell.input_class.id in REPEATED:
        return [good.id, good.id if cell.input_class.id == "twice" else good.uuid]
    bad = bad_entry(cell, refs)
    return [good.id, bad] if number % 2 else [bad, good.id]


def bad_entry(cell: Cell, refs: UnusableRefs) -> Any:
    """Return the entry that must be rejected."""
    name = cell.input_class.id
    kind = "group" if cell.operation.entity == "MemberGroups" else "member"
    if name == "unknown-uuid":
        return refs.uuid
    if name == "unknown-short-id":
        return refs.short_id
    if name == "deleted":
        return refs.deleted(kind).uuid
    if name == "another-kind":
        return refs.of_another_kind(kind).uuid
    return refs.foreign(kind)["id"] if name == "other-system" else cell.input_class.value


@dataclasses.dataclass(frozen=True)
class SendMembers:
    """Sends the members of a switch with one entry that must be rejected."""

    refs: UnusableRefs
    good: Entity
    cell: Cell
    number: int

    def __call__(self, request: Request) -> Exchange:
        """Send the request, complete but for that entry."""
        write, account = request.write, self.refs.account
        body: Any = refs_of(self.cell, self.number, self.good, self.refs)
        if request.operation.id == "createSwitch":
            body = {**write.body, "members": body}
        exchange = account.owner.send(write.operation, write.refs, json=body)
        if request.operation.id == "createSwitch":
            account.adopt("switch", {}, exchange)
        return exchange


@pytest.fixture(scope="session")
def switch_entries(
    valid_writes: ValidWrites,
    unusable_refs: UnusableRefs,
    two_members: tuple[Entity, Entity],
    contract: Contract,
) -> RejectedWrites:
    """Switches whose members have an entry that must be rejected."""

    def ways(operation: Operation) -> dict[str, Way]:
        cells = [cell for cell in of_switches(contract) if cell.operation == operation]
        return {
            cell.name: SendMembers(unusable_refs, two_members[0], cell, number)
            for number, cell in enumerate(cells)
        }

    return RejectedWrites(valid_writes, ways)
