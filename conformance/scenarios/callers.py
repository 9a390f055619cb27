"""How a request of a class of callers names whose it is, and bodies that do no harm where it is carried out for others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.account.entities import PATH_PARAMETER
from conformance.contract import inputs
from conformance.http import ME
from conformance.http.assertions import need_key, need_object
from conformance.http.client import NO_BODY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.contract.inputs import Cell
    from conformance.scenarios.rejected_writes import Request
    from conformance.scenarios.unusable_refs import UnusableRefs

# One key of what a write below the other system changes, to send back as it is there.
KEPT = {
    "updateSystem": ("getSystem", "description"),
    "updateSystemSettings": ("getSystemSettings", "latch_timeout"),
}


def of_callers(contract: Contract, *classes: str) -> Iterator[Cell]:
    """Yield the cells of some classes of callers."""
    for cell in inputs.cells(contract, inputs.CALLER):
        if cell.input_class.id in classes and not cell.because:
            yield cell


def path_of(cell: Cell, request: Request, refs: UnusableRefs) -> dict[str, str]:
    """Return the parameters of the path, which name whose the request is in the form of the cell."""
    path, account = dict(request.write.refs), refs.account
    if cell.where == "other":
        return {**path, "systemId": refs.foreign_system}
    if cell.where == "id" and "systemId" in path:
        return {**path, "systemId": account.system_id}
    if cell.where == "uuid" and "systemId" in path:
        exchange_uuid = str(account.snapshot.system.get("uuid"))
        return {**path, "systemId": refs.allowed(exchange_uuid)}
    if cell.where == "uuid":
        entity = refs.writes.member() if "memberId" in path else refs.writes.group()
        return {**path, PATH_PARAMETER[entity.kind]: entity.uuid}
    return path


def harmless_body(cell: Cell, request: Request, refs: UnusableRefs) -> Any:
    """Return a body with which the request, if it is carried out for the caller, changes nothing of somebody else."""
    operation = request.operation
    if cell.where == "other" and operation.id in KEPT:
        read, key = KEPT[operation.id]
        exchange = refs.other().send(read, ME)
        return {key: need_key(exchange, need_object(exchange), key)}
    # Lists of their own leave nothing to reject but that the path is not theirs.
    if operation.action == "overwrite":
        return []
    if operation.action == "remove":
        return [refs.foreign("member" if operation.entity == "GroupMembers" else "group")["id"]]
    return NO_BODY if request.body is None else request.body
