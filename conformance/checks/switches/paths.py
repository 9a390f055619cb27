"""How a path names a switch and its system, and what becomes of names that lead nowhere (docs: models#switch-model, errors)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.contract.rows import Row, table_of
from conformance.http import ME, NotApplicable
from conformance.http.assertions import (
    described,
    expect,
    expect_error,
    expect_rejected,
    expect_status,
    need_list,
    need_object,
)
from conformance.http.outcomes import Wording
from conformance.scenarios.switch_history import member_ids, moment
from conformance.scenarios.system_form_requests import IN_TURN, OF_ONE, SystemFormRequests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account, Entity
    from conformance.contract import Contract
    from conformance.http import Caller, Exchange

MISSING_CODES = {20007, 20008}  # both may say that there is no such switch


def unknown_refs(contract: Contract) -> Iterator[Row]:
    """Rows for the operations on one switch, with the requirement on one that does not exist."""
    for operation in OF_ONE:
        code = 20007 if operation == "updateSwitchMembers" else 20008
        yield Row((operation, code), operation, contract.named("error_code", code=code))


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


def send_to(ref: str, operation: str, owner: Caller, member: Entity) -> Exchange:
    """Send an operation on one switch, with a body that is valid."""
    bodies: dict[str, Any] = {
        "updateSwitch": {"timestamp": "2014-01-02T03:04:05Z"},
        "updateSwitchMembers": [member.id],
    }
    refs = ME | {"switchId": ref}
    if operation in bodies:
        return owner.send(operation, refs, json=bodies[operation])
    return owner.send(operation, refs)


@each("case", unknown_refs)
def check_unknown_switch_is_404(
    case: tuple[str, int], account: Account, two_members: tuple[Entity, Entity]
) -> None:
    """A switch that does not exist returns 404 with its code."""
    operation, code = case
    exchange = send_to(account.unknown_uuid(), operation, account.owner, two_members[0])
    expect_error(exchange, 404, MISSING_CODES)
    actual = exchange.json["code"]
    expect(
        f"code of {exchange.label}",
        holds=actual == code or operation == "updateSwitchMembers",
        expected=code,
        actual=actual,
        exchange=exchange,
        as_upstream=True,
    )


@requirement("switchref-must-be-uuid", "err-40006")
@each("operation", table_of(OF_ONE))
def check_ref_that_is_no_uuid_is_rejected(
    operation: str, owner: Caller, contract: Contract, two_members: tuple[Entity, Entity]
) -> None:
    """A switch reference that is not a UUID returns 400 with code 40006."""
    ref = "not-a-switch"
    owner.client.guard.allow(ref)
    exchange = send_to(ref, operation, owner, two_members[0])
    body = exchange.json if isinstance(exchange.json, dict) else {}
    seen = (exchange.status, body.get("code"))
    known = [(404, 20007)] if operation == "updateSwitchMembers" else []
    known += [(500, 0)] if contract.revision != "2021-11" else []
    if seen in known:
        expect_status(exchange, 400, as_upstream=True)
    expect_rejected(exchange)
    expect(
        f"error of {exchange.label}",
        holds=seen == (400, 40006),
        expected=Wording("status 400 with code 40006"),
        actual=Wording(f"status {seen[0]} with code {seen[1]}"),
        exchange=exchange,
        violates=("err-40006",),
    )


def foreign_switches(other: Caller) -> tuple[Exchange, list[dict[str, Any]]]:
    """Return the switches that the other system lists; raises NotApplicable when there is none."""
    exchange = other.send("getSystemSwitches", ME, query={"limit": "2"})
    rows = [row for row in need_list(exchange) if isinstance(row, dict) and is_uuid(row.get("id"))]
    if not rows:
        reason = "the other system shows no switch"
        raise NotApplicable(reason, exchange)
    return exchange, rows


@requirement("switch-of-another-system-404")
def check_switch_of_another_system_is_404(owner: Caller, other: Caller) -> None:
    """A switch of another system, asked for below the own one, returns 404 with code 20008."""
    _, rows = foreign_switches(other)
    response = owner.send("getSwitch", ME | {"switchId": str(rows[0]["id"])})
    expect_error(response, 404, (20008,))


@requirement("update-switch-members-only-own")
def check_members_of_a_foreign_switch_stay(owner: Caller, other: Caller) -> None:
    """PATCH of the members of a switch of another system is rejected as if there were no such switch."""
    seen, rows = foreign_switches(other)
    out = next((row for row in rows if row.get("members") == []), None)
    if out is None:
        reason = "the last two switches of the other system are no switch-out"
        raise NotApplicable(reason, seen)
    # Lent because the body says what is stored already: a server that carries it out does no harm.
    owner.client.guard.allow(out["id"])
    exchange = owner.send("updateSwitchMembers", ME | {"switchId": out["id"]}, json=[])
    # 40004: the members sent were compared with those of the foreign switch, so that others would have replaced them.
    reached = exchange.ok or (exchange.status, code_of(exchange)) == (400, 40004)
    expect(
        f"{exchange.label} of another system's switch",
        holds=exchange.status in (403, 404),
        expected=Wording("status 403 or 404"),
        actual=Wording(
            f"{described(exchange)}, which reached that switch" if reached else described(exchange)
        ),
        exchange=exchange,
        as_upstream=reached,
    )


def code_of(exchange: Exchange) -> object:
    """Return the code of an error response, None when it has none."""
    return exchange.json.get("code") if isinstance(exchange.json, dict) else None


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
    expect(
        exchange.label,
        holds=exchange.ok,
        expected=Wording("success"),
        actual=described(exchange),
        exchange=exchange,
    )
    expected = system_form_requests.expected(operation, form)
    if "timestamp" in expected:
        actual, time = need_object(exchange).get("timestamp"), expected["timestamp"]
        holds = moment(actual) == moment(time)
        expect("timestamp", holds=holds, expected=time, actual=actual, exchange=exchange)
    if "members" in expected:
        shown, wanted = member_ids(need_object(exchange)), expected["members"]
        holds = set(wanted) <= set(shown)
        expect("members", holds=holds, expected=wanted, actual=shown, exchange=exchange)
