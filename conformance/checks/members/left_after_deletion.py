"""What is left when a member was deleted who was in a group and in a switch, or a group with members.

How others are shown it, and how the switch is; what the owner sees of the group is in `members.deletion`. The docs do not
say what becomes of the switch: it may still name the member, or be gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.http import PreconditionFailed
from conformance.http.assertions import expect, expect_status, expect_value, need_list, need_success
from conformance.http.outcomes import Wording
from conformance.scenarios.deleted_entities import NO_CONTENT, DeletedEntities

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.http import Exchange

NOT_FOUND, FORBIDDEN = 404, 403
READS = (
    ("getSwitch", "owner", "get-switch-returns-switch"),
    ("getSwitch", "others", "get-switch-returns-switch"),
    ("getSystemSwitches", "owner", "get-switches-returns-list-with-ids"),
    ("getSystemSwitches", "others", "get-switches-returns-list-with-ids"),
    ("getFronters", "others", "get-fronters-returns-switch-with-members"),
    ("getGroupMembers", "others", "get-group-members-returns-members"),
)
# Statuses that say in a documented way that there is nothing to show.
NOTHING = {"getSwitch": NOT_FOUND, "getFronters": NO_CONTENT}


def reads(_: Contract) -> Iterator[Row]:
    """Rows for what shows the group or the switch, with the requirement on what it returns."""
    for operation, caller, rule in READS:
        yield Row((operation, caller), f"{operation}-{caller}", (rule,))


def malformed(operation: str, exchange: Exchange) -> list[Any]:
    """Return the entries of a response that are no objects, of a listed switch no ids."""
    body = exchange.json
    if operation == "getGroupMembers":
        return (
            [row for row in body if not isinstance(row, dict)] if isinstance(body, list) else [body]
        )
    switches = body if operation == "getSystemSwitches" else [body]
    kind = str if operation == "getSystemSwitches" else dict
    found = [
        row.get("members") if isinstance(row, dict) else row
        for row in (switches if isinstance(switches, list) else [None])
    ]
    return [
        rows
        for rows in found
        if not isinstance(rows, list) or not all(isinstance(row, kind) for row in rows)
    ]


@each("case", reads)
def check_rest_is_shown(case: tuple[str, str], deleted_entities: DeletedEntities) -> None:
    """A group or a switch that a deleted member was in is shown, with whoever is left in it."""
    operation, caller = case
    exchange = deleted_entities.seen(caller, operation)
    if exchange.status == FORBIDDEN:
        reason = f"{exchange.label} is private"
        raise PreconditionFailed(reason, exchange)
    expect_status(exchange, 200, *(NOTHING[operation],) if operation in NOTHING else ())
    wrong = malformed(operation, exchange) if exchange.status == 200 else []
    expect(
        f"entries of {exchange.label}",
        holds=not wrong,
        expected=Wording("objects of members, or their ids in a list of switches"),
        actual=wrong,
        exchange=exchange,
    )


@requirement("get-members-contains-created")
def check_members_of_deleted_group_are_left(deleted_entities: DeletedEntities) -> None:
    """The list of members shows those of a group that was deleted."""
    need_success(deleted_entities.delete("Group", 0))
    exchange = deleted_entities.listed("Member")
    shown = [row.get("id") for row in need_list(exchange) if isinstance(row, dict)]
    shown += [member.id for member in deleted_entities.all_deleted("Member")]
    missing = [ref for ref in deleted_entities.added["Member"] if ref not in shown]
    expect_value(exchange, "members that are not listed", missing, [])
