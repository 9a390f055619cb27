"""How a path names a switch and its system, and that it does not name that of another system (docs: models#switch-model, errors).

Refs that name nothing are tested in `errors.unknown_refs`.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.contract import inputs
from conformance.contract.rows import Row
from conformance.http import ME, NotApplicable
from conformance.http.assertions import (
    described,
    expect,
    expect_accepted,
    need_list,
    need_object,
)
from conformance.http.outcomes import Wording
from conformance.scenarios.coded_answers import code_of, expect_answer
from conformance.scenarios.switch_history import member_ids, moment
from conformance.scenarios.system_form_requests import IN_TURN, OF_ONE, SystemFormRequests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.contract.inputs import Cell
    from conformance.http import Caller, Exchange


def foreign(contract: Contract) -> Iterator[Row]:
    """The row for a switch of another system that is read."""
    return (
        Row(cell, cell.name, cells=(cell,))
        for cell in of_another_system(contract)
        if not cell.operation.writes
    )


def foreign_writes(contract: Contract) -> Iterator[Row]:
    """The row for a switch of another system whose members are changed."""
    return (
        Row(cell, cell.name, cells=(cell,))
        for cell in of_another_system(contract)
        if cell.operation.writes
    )


def of_another_system(contract: Contract) -> Iterator[Cell]:
    """Yield the cells of a switch of another system."""
    for cell in inputs.cells(contract, inputs.PATH):
        if cell.input_class.id == "other-system" and not cell.because:
            yield cell


def named(_: Contract) -> Iterator[Row]:
    """Rows for the switch operations, with ways to name the system but @me."""
    for operation, form in IN_TURN:
        yield Row((operation, form), f"{operation}-{form}")


def writes(_: Contract) -> Iterator[Row]:
    """Rows for the operations that write switches, the DELETE last."""
    return (Row(name, name) for name in ("createSwitch", *OF_ONE) if name != "getSwitch")


def is_uuid(value: object) -> bool:
    """Whether a value is the text of a UUID."""
    try:
        return isinstance(value, str) and bool(uuid.UUID(value))
    except ValueError:
        return False


def foreign_switches(other: Caller) -> tuple[Exchange, list[dict[str, Any]]]:
    """Return the switches that the other system lists; raises NotApplicable when there is none."""
    exchange = other.send("getSystemSwitches", ME, query={"limit": "2"})
    rows = [row for row in need_list(exchange) if isinstance(row, dict) and is_uuid(row.get("id"))]
    if not rows:
        reason = "the other system shows no switch"
        raise NotApplicable(reason, exchange)
    return exchange, rows


@requirement("switch-of-another-system-404")
@each("cell", foreign)
def check_switch_of_another_system_is_404(
    cell: Cell, owner: Caller, other: Caller, contract: Contract
) -> None:
    """A switch of another system, asked for below the own one, is not found."""
    _, rows = foreign_switches(other)
    exchange = owner.send(cell.operation.id, ME | {"switchId": str(rows[0]["id"])})
    expect_answer(cell, exchange, contract)


@requirement("update-switch-members-only-own")
@each("cell", foreign_writes)
def check_members_of_a_foreign_switch_stay(cell: Cell, owner: Caller, other: Caller) -> None:
    """PATCH of the members of a switch of another system is rejected as if there were no such switch."""
    seen, rows = foreign_switches(other)
    out = next((row for row in rows if row.get("members") == []), None)
    if out is None:
        reason = "the last two switches of the other system are no switch-out"
        raise NotApplicable(reason, seen)
    # Lent because the body says what is stored already: a server that carries it out does no harm.
    owner.client.guard.allow(out["id"])
    exchange = owner.send(cell.operation.id, ME | {"switchId": out["id"]}, json=[])
    # 40004: the members sent were compared with those of the foreign switch, so that others would have replaced them.
    reached = exchange.ok or (exchange.status, code_of(exchange)) == (400, 40004)
    expect(
        f"{exchange.label} of another system's switch",
        holds=exchange.status in cell.input_class.status,
        expected=Wording("status 404, or 403"),
        actual=Wording(
            f"{described(exchange)}, which reached that switch" if reached else described(exchange)
        ),
        exchange=exchange,
        as_upstream=reached,
    )


@requirement("switch-writes-need-me")
@each("operation", writes)
def check_write_needs_me(operation: str, system_form_requests: SystemFormRequests) -> None:
    """A write of switches that names the system by its id does not succeed."""
    exchange = system_form_requests.under_id(operation)
    expect(
        exchange.label,
        holds=not exchange.ok,
        expected=Wording("a rejection"),
        actual=described(exchange),
        exchange=exchange,
    )


@requirement("switch-systemref-any-form")
@each("case", named)
def check_system_is_named_in_any_form(
    case: tuple[str, str], system_form_requests: SystemFormRequests
) -> None:
    """The operations on switches take every form of a system's name, to read and to write."""
    operation, form = case
    exchange = system_form_requests.response(operation, form)
    expect_accepted(exchange)
    expected = system_form_requests.expected(operation, form)
    exchange = system_form_requests.shown(operation, form)
    if "timestamp" in expected:
        actual, time = need_object(exchange).get("timestamp"), expected["timestamp"]
        holds = moment(actual) == moment(time)
        expect("timestamp", holds=holds, expected=time, actual=actual, exchange=exchange)
    if "members" in expected:
        shown, wanted = member_ids(need_object(exchange)), expected["members"]
        holds = set(wanted) <= set(shown)
        expect("members", holds=holds, expected=wanted, actual=shown, exchange=exchange)
