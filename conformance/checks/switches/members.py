"""How the members of a switch are changed (docs: endpoints#update-switch-members)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.checks.switches.changes import HTTP_NOT_FOUND
from conformance.checks.switches.switches import forms
from conformance.contract.rows import Row
from conformance.http import NotApplicable, PreconditionFailed
from conformance.http.assertions import (
    expect,
    expect_accepted,
    expect_status,
    expect_value,
    need_list,
    need_object,
    need_row,
    need_success,
)
from conformance.scenarios.membership_edits import ID_FORMAT_REQUIREMENTS
from conformance.scenarios.shown_switches import expect_members, expect_time
from conformance.scenarios.switch_history import member_ids, moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.switch_history import SwitchHistory


@requirement("update-switch-members")
@each("form", forms)
def check_changed_members_are_returned(form: str, history: SwitchHistory) -> None:
    """PATCH of the members takes short ids or UUIDs, and returns the member objects."""
    members = [history.second] if form == "short id" else [history.first, history.second]
    exchange = history.response(f"members {form}")
    expect_status(exchange, 200)
    changed = history.switch("now" if form == "short id" else "short id").id
    expect_value(exchange, "id of the switch", need_object(exchange).get("id"), changed)
    expect_members(exchange, *members, objects=True)


def in_format(contract: Contract) -> Iterator[Row]:
    """A row for the list of unusual id formats, where ids may be written in other ways."""
    if ID_FORMAT_REQUIREMENTS[0] in contract.requirements:
        yield Row("members written", "upper-and-dashed", ID_FORMAT_REQUIREMENTS)


@each("step", in_format)
def check_changed_members_take_all_id_formats(step: str, history: SwitchHistory) -> None:
    """PATCH of the members takes short ids in upper case and with a dash."""
    need_success(history.response("members uuid"))
    exchange = history.response(step)
    expect_accepted(exchange, as_upstream=exchange.status == HTTP_NOT_FOUND)
    expect_members(exchange, history.first, history.second)


def logged(contract: Contract) -> Iterator[Row]:
    """The same row for a new switch."""
    return (dataclasses.replace(row, value="in_format") for row in in_format(contract))


@each("step", logged)
def check_new_switch_takes_all_id_formats(step: str, history: SwitchHistory) -> None:
    """The members of a new switch may be named in upper case and with a dash."""
    need_success(history.response("again"))
    exchange = history.response(step)
    expect_accepted(exchange, as_upstream=exchange.status == HTTP_NOT_FOUND)
    expect_members(exchange, history.first, history.second)


@requirement("switch-members-in-given-order")
def check_changed_members_keep_their_order(history: SwitchHistory) -> None:
    """The members of a switch stand in the order in which a PATCH gave them."""
    exchange = history.response("members uuid")
    rows = need_object(exchange).get("members")
    shown = (
        [row.get("id") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    )
    given = sorted((history.first.id, history.second.id), reverse=True)
    if sorted(map(str, shown), reverse=True) != given:
        reason = f"{exchange.label} does not show the members"
        raise PreconditionFailed(reason, exchange)
    expect_value(exchange, "members", shown, given)


@requirement("update-switch-members")
def check_changed_members_are_stored(history: SwitchHistory) -> None:
    """GET of a switch, and the list, show the members that a PATCH gave it."""
    need_success(history.response("members uuid"))
    both = sorted((history.first.id, history.second.id))
    expect_members(history.response("read members uuid"), history.first, history.second)
    exchange = history.response("list changed")
    row = need_row(exchange, history.switch("short id").id)
    known = {ref: one.id for one in (history.first, history.second) for ref in (one.id, one.uuid)}
    actual = sorted(known.get(ref, ref) for ref in member_ids(row))
    expect_value(exchange, "members in the list", actual, both)


@requirement("update-switch-members")
def check_changed_members_leave_the_time_alone(history: SwitchHistory) -> None:
    """A PATCH of the members of a switch leaves its time as it was."""
    need_success(history.response("members uuid"))
    expect_time(history.response("read members uuid"), history.at(1))


@requirement("update-switch-members")
def check_a_switch_can_lose_all_members(history: SwitchHistory) -> None:
    """After a PATCH with an empty list a switch has no members."""
    expect_accepted(history.response("members none"))
    exchange = history.response("list changed")
    row = need_row(exchange, history.switch("uuid").id)
    expect_value(exchange, "members in the list", row.get("members"), [])


@requirement("update-switch-timestamp")
def check_switch_moved_to_the_past_is_not_current(history: SwitchHistory) -> None:
    """When the current switch is moved to the past, the one before it is the current one again."""
    need_success(history.response("move second switch-out"))
    need_current(history, history.response("fronters after delete"))
    exchange = history.response("fronters moved")
    actual = need_object(exchange).get("id")
    expect_value(exchange, "current switch", actual, history.switch("now").id)


@requirement("update-switch-members")
def check_changed_members_of_the_current_switch_front(history: SwitchHistory) -> None:
    """The fronters are the members that a PATCH gave the current switch."""
    need_success(history.response("members short id"))
    exchange = history.response("fronters changed")
    need_current(history, exchange)
    expect_members(exchange, history.second)


def has_whole_seconds(switch: dict[str, Any]) -> bool:
    """Whether a switch has a time without a fraction, as on a server that keeps none."""
    time = moment(switch.get("timestamp"))
    return time is None or time.microsecond == 0


def need_current(history: SwitchHistory, fronters: Exchange) -> None:
    """The fronters show the switch of the present; there may be one of the future."""
    if need_object(fronters).get("id") != history.switch("now").id:
        reason = "the new switch did not become the current one"
        raise PreconditionFailed(reason, fronters)


def is_newer(row: dict[str, Any], current: dict[str, Any]) -> bool:
    """Whether a row of the list has a later time than the current switch."""
    one, other = moment(row.get("timestamp")), moment(current.get("timestamp"))
    return one is not None and other is not None and one > other


@requirement("get-switches-newest-first")
def check_list_of_one_is_the_current_switch(history: SwitchHistory) -> None:
    """With limit=1 the list shows the switch that the fronters show."""
    fronters, exchange = history.response("fronters changed"), history.response("newest")
    need_current(history, fronters)
    current, rows = history.switch("now"), need_list(exchange)
    if rows and isinstance(rows[0], dict) and is_newer(rows[0], need_object(fronters)):
        reason = "the list shows a switch that has a later time than the current one"
        raise NotApplicable(reason, exchange)
    if not rows or has_whole_seconds(current.body):
        reason = "the list shows nothing, or may end before the second in which it was asked for"
        raise NotApplicable(reason, exchange)
    actual = [row.get("id") for row in rows if isinstance(row, dict)]
    expect(
        "switches with limit=1",
        holds=current.id in actual,
        expected=[current.id],
        actual=actual,
        exchange=exchange,
    )
