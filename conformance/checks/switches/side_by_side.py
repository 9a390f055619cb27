"""Switches beside others: without members, in the same second, changed while another one is current (docs: endpoints#switches)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.checks.switches.members import need_current
from conformance.checks.switches.switches import TAKEN
from conformance.contract.rows import Row
from conformance.http import NotApplicable, PreconditionFailed
from conformance.http.assertions import (
    expect,
    expect_accepted,
    expect_error,
    expect_value,
    need_list,
    need_object,
    need_row,
    need_success,
)
from conformance.http.outcomes import Wording
from conformance.scenarios.shown_switches import expect_members, expect_time
from conformance.scenarios.switch_history import member_ids, moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.switch_history import SwitchHistory

SAME_FRONTERS = 40004
# The steps whose responses show member objects after a write.
WRITES = {"createSwitch": "now", "updateSwitch": "move", "updateSwitchMembers": "members uuid"}


@requirement("get-switches-returns-list-with-ids")
def check_switch_without_members_is_listed(history: SwitchHistory) -> None:
    """The list of switches shows one without members."""
    need_success(history.response("members none"))
    switch = history.switch("uuid")
    need_row(history.response("list"), switch.id)
    exchange = history.response("list changed")
    listed = [row.get("id") for row in need_list(exchange) if isinstance(row, dict)]
    expect(
        "a switch without members in the list",
        holds=switch.id in listed,
        expected=[switch.id],
        actual=listed,
        exchange=exchange,
    )


@requirement("err-40004")
def check_second_switch_out_is_rejected(history: SwitchHistory) -> None:
    """A switch without members is rejected when nobody fronts already."""
    fronters = history.response("fronters after switch-out")
    if fronters.status != 200 or member_ids(need_object(fronters)):
        reason = "the switch-out did not become the current switch"
        raise PreconditionFailed(reason, fronters)
    expect_error(history.response("switch-out again"), 400, (SAME_FRONTERS,))


def need_fractions(history: SwitchHistory) -> None:
    """Raise NotApplicable where the server keeps whole seconds: there is one switch in each."""
    kept = moment(need_object(history.response("read uuid")).get("timestamp"))
    if kept is None or not kept.microsecond:
        reason = "the server keeps whole seconds"
        raise NotApplicable(reason, history.response("read uuid"))


@requirement("create-switch-timestamp-used", "err-40005")
def check_switch_of_the_same_second_is_logged(history: SwitchHistory) -> None:
    """A new switch takes a time in the second of another one, where fractions of a second are kept."""
    need_fractions(history)
    exchange = history.response("same second")
    body = exchange.json if isinstance(exchange.json, dict) else {}
    taken = body.get("code") == TAKEN
    rule = ("err-40005",) if taken else ("create-switch-timestamp-used",)
    expect_accepted(exchange, violates=rule)
    expect_time(exchange, history.with_fraction(1), violates=rule)


@requirement("get-switches-newest-first")
def check_switches_of_a_second_are_newest_first(history: SwitchHistory) -> None:
    """Of two switches in one second the later one is listed first."""
    need_fractions(history)
    need_success(history.response("same second"))
    exchange = history.response("list same second")
    earlier, later = history.switch("short id"), history.switch("same second")
    times = [moment(one.body.get("timestamp")) for one in (earlier, later)]
    rows = [row.get("id") for row in history.rows("list same second")]
    if None in times or times[0] == times[1] or not {earlier.id, later.id} <= set(rows):
        reason = "the list does not show two switches that differ by a fraction of a second"
        raise NotApplicable(reason, exchange)
    actual = [ref for ref in rows if ref in (earlier.id, later.id)]
    expect_value(exchange, "order of the switches", actual, [later.id, earlier.id])


@requirement("update-switch-members")
def check_changed_members_leave_the_current_switch_alone(history: SwitchHistory) -> None:
    """The members of the current switch stay when those of an earlier one are changed."""
    need_current(history, history.response("fronters changed"))
    for step in ("members short id", "members uuid", "members none"):
        need_success(history.response(step))
    exchange = history.response("fronters beside")
    if member_ids(need_object(history.response("fronters changed"))) != [history.second.id]:
        reason = "the members of the current switch could not be changed"
        raise PreconditionFailed(reason, history.response("fronters changed"))
    expect_members(exchange, history.second)


def writes(_: Contract) -> Iterator[Row]:
    """Rows for the writes whose responses show member objects."""
    return (Row(step, operation) for operation, step in WRITES.items())


@requirement("responses-contain-all-keys", "privacy-object-shown-to-owner")
@each("step", writes)
def check_writes_show_the_owner_full_members(
    step: str, history: SwitchHistory, contract: Contract
) -> None:
    """The member objects in the response to a write of a switch have all keys, and the privacy object."""
    exchange = history.response(step)
    lacking = {
        field.key
        for row in rows_of(exchange)
        for field in contract.fields_of("Member")
        if field.always and field.key in history.first.body and field.key not in row
    }
    expect(
        f"keys that member objects in {exchange.label} lack",
        holds=not lacking,
        expected=[],
        actual=sorted(lacking),
        exchange=exchange,
        violates=("responses-contain-all-keys",),
    )
    hidden = [row["privacy"] for row in rows_of(exchange) if not isinstance(row["privacy"], dict)]
    expect(
        f"privacy of member objects in {exchange.label}",
        holds=not hidden,
        expected=Wording("an object"),
        actual=hidden,
        exchange=exchange,
        violates=("privacy-object-shown-to-owner",),
    )


def rows_of(exchange: Exchange) -> list[dict[str, Any]]:
    """Return the member objects of a switch; raises PreconditionFailed when it shows none."""
    members = need_object(exchange).get("members")
    rows = [row for row in members if isinstance(row, dict)] if isinstance(members, list) else []
    if not rows:
        reason = f"{exchange.label} shows no member objects"
        raise PreconditionFailed(reason, exchange)
    return rows
