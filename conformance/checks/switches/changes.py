"""How switches are moved and changed (docs: endpoints#update-switch, #update-switch-members).

How they are logged is in `switches`, how they are deleted in `switch_deletion`, how a path names them in `switch_paths`.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from conformance.checks import changes_system, each, requirement
from conformance.checks.switches.switches import forms
from conformance.contract.rows import Row
from conformance.http import NotApplicable, PreconditionFailed
from conformance.http.assertions import (
    expect,
    expect_status,
    expect_value,
    need_list,
    need_object,
    need_success,
)
from conformance.scenarios.membership_edits import ID_FORMAT_REQUIREMENTS
from conformance.scenarios.shown_switches import expect_members, expect_objects, expect_time, is_at
from conformance.scenarios.switch_history import member_ids, moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.switch_history import SwitchHistory

HTTP_NOT_FOUND = 404
SHOWING = ("fronters kept", "read moved")
NOWHERE = ("move nowhere", "move to null", "move to text")


@changes_system
@requirement("err-40003", "err-40005", "err-20003")
def check_rejected_change_is_not_made(history: SwitchHistory, contract: Contract) -> None:
    """A switch keeps its members and its time when a change of them was rejected."""
    exchange = history.response("list")
    switch = history.switch("uuid")
    rows = [row for row in need_list(exchange) if isinstance(row, dict)]
    row = next((row for row in rows if row.get("id") == switch.id), None)
    if row is None or moment(row.get("timestamp")) is None:
        reason = "the list does not show the switch with its time"
        raise PreconditionFailed(reason, exchange)
    stored = set(member_ids(row))
    expect(
        "members after a rejected change",
        holds=stored <= {history.second.id, history.second.uuid},
        expected=[history.second.id],
        actual=row.get("members"),
        exchange=exchange,
        as_upstream=contract.revision == "2021-11" and history.response("duplicate members").ok,
        violates=("err-20003",)
        if stored <= {history.first.id, history.first.uuid}
        else ("err-40003",),
    )
    expect(
        "timestamp after a rejected change",
        holds=is_at(row.get("timestamp"), history.with_fraction(2)),
        expected=history.with_fraction(2),
        actual=row.get("timestamp"),
        exchange=exchange,
        violates=("err-40005",),
    )


@changes_system
@requirement("update-switch-timestamp")
def check_moved_switch_returns_new_time(history: SwitchHistory, contract: Contract) -> None:
    """PATCH of a switch returns the switch at its new time, in whichever zone it was sent, and with member objects."""
    exchange = history.response("move")
    expect_status(exchange, 200)
    old = history.with_fraction(2) if contract.revision == "2021-11" else None
    expect_objects(exchange, need_object(exchange))
    expect_time(exchange, history.at(0), as_upstream=old)


@changes_system
@requirement("update-switch-timestamp")
def check_moved_switch_has_new_time(history: SwitchHistory) -> None:
    """A GET after PATCH of a switch shows its new time, and the members as they were before."""
    before = need_object(history.response("read uuid"))
    need_success(history.response("move"))
    exchange = history.response("read moved")
    expect_time(exchange, history.at(0))
    if not history.response("duplicate members").ok:
        actual = member_ids(need_object(exchange))
        expect_value(exchange, "members of the moved switch", actual, member_ids(before))


@changes_system
@requirement("update-switch-timestamp")
def check_moved_switch_is_listed_at_its_new_time(history: SwitchHistory) -> None:
    """The list shows a moved switch with its new time."""
    need_success(history.response("move"))
    exchange = history.response("list changed")
    actual = listed(exchange, history.switch("uuid").id).get("timestamp")
    holds, expected = is_at(actual, history.at(0)), history.at(0)
    expect("timestamp", holds=holds, expected=expected, actual=actual, exchange=exchange)


@changes_system
@requirement("get-switches-newest-first")
def check_moved_switch_has_its_place(history: SwitchHistory) -> None:
    """A switch that was moved before another one is listed after it."""
    moved, exchange = history.response("read moved"), history.response("list changed")
    if not is_at(need_object(moved).get("timestamp"), history.at(0)):
        reason = "the switch was not moved"
        raise PreconditionFailed(reason, moved)
    order = [row.get("id") for row in history.rows("list changed")]
    expected = [history.switch(form).id for form in ("short id", "uuid")]
    if not set(expected) <= set(order):
        reason = "the list does not show both switches"
        raise PreconditionFailed(reason, exchange)
    actual = [ref for ref in order if ref in expected]
    expect_value(exchange, "order of the switches", actual, expected)


def listed(exchange: Exchange, ref: str) -> dict[str, Any]:
    """Return what a list shows of a switch; raises PreconditionFailed when it is not there."""
    for row in need_list(exchange):
        if isinstance(row, dict) and row.get("id") == ref:
            return row
    reason = f"{exchange.label} does not show the switch"
    raise PreconditionFailed(reason, exchange)


@changes_system
@requirement("update-member-persists")
@each("step", lambda _: (Row(step, step.replace(" ", "-")) for step in SHOWING))
def check_switch_shows_members_as_they_are(step: str, history: SwitchHistory) -> None:
    """The fronters, and a switch, show a member that was changed after it was logged as it is now."""
    need_success(history.response("rename"))
    exchange = history.response(step)
    members = need_object(exchange).get("members")
    rows = members if isinstance(members, list) else []
    names = [
        r.get("name") for r in rows if isinstance(r, dict) and r.get("id") == history.second.id
    ]
    if not names:
        reason = f"{exchange.label} does not show the member that was changed"
        raise NotApplicable(reason, exchange)
    expect_value(exchange, f"name of a member in {exchange.label}", names[0], history.renamed)


@changes_system
@requirement("patch-preserves-missing-keys")
def check_changed_member_still_fronts(history: SwitchHistory) -> None:
    """A PATCH of a member keeps it among the fronters."""
    need_success(history.response("rename"))
    before, exchange = need_object(history.response("fronters")), history.response("fronters kept")
    if history.second.id not in member_ids(before):
        reason = "the member did not front before"
        raise PreconditionFailed(reason, history.response("fronters"))
    actual = member_ids(exchange.json) if isinstance(exchange.json, dict) else []
    expect(
        "fronters after a PATCH of one of them",
        holds=history.second.id in actual,
        expected=member_ids(before),
        actual=actual,
        exchange=exchange,
    )


@changes_system
@requirement("update-switch-timestamp-required")
@each("step", lambda _: (Row(step, step.replace(" ", "-")) for step in NOWHERE))
def check_move_needs_a_timestamp(step: str, history: SwitchHistory) -> None:
    """PATCH of a switch without a timestamp, or with null or mere text for it, returns 400."""
    expect_status(history.response(step), 400)


@changes_system
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


@changes_system
@each("step", in_format)
def check_changed_members_take_all_id_formats(step: str, history: SwitchHistory) -> None:
    """PATCH of the members takes short ids in upper case and with a dash."""
    need_success(history.response("members uuid"))
    exchange = history.response(step)
    expect_status(exchange, 200, as_upstream=exchange.status == HTTP_NOT_FOUND)
    expect_members(exchange, history.first, history.second)


def logged(contract: Contract) -> Iterator[Row]:
    """The same row for a new switch."""
    return (dataclasses.replace(row, value="in_format") for row in in_format(contract))


@changes_system
@each("step", logged)
def check_new_switch_takes_all_id_formats(step: str, history: SwitchHistory) -> None:
    """The members of a new switch may be named in upper case and with a dash."""
    need_success(history.response("again"))
    exchange = history.response(step)
    expect_status(exchange, 200, 201, as_upstream=exchange.status == HTTP_NOT_FOUND)
    expect_members(exchange, history.first, history.second)


@changes_system
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


@changes_system
@requirement("update-switch-members")
def check_changed_members_are_stored(history: SwitchHistory) -> None:
    """GET of a switch, and the list, show the members that a PATCH gave it."""
    need_success(history.response("members uuid"))
    both = sorted((history.first.id, history.second.id))
    expect_members(history.response("read members uuid"), history.first, history.second)
    exchange = history.response("list changed")
    row = listed(exchange, history.switch("short id").id)
    known = {ref: one.id for one in (history.first, history.second) for ref in (one.id, one.uuid)}
    actual = sorted(known.get(ref, ref) for ref in member_ids(row))
    expect_value(exchange, "members in the list", actual, both)


@changes_system
@requirement("update-switch-members")
def check_changed_members_leave_the_time_alone(history: SwitchHistory) -> None:
    """A PATCH of the members of a switch leaves its time as it was."""
    need_success(history.response("members uuid"))
    expect_time(history.response("read members uuid"), history.at(1))


@changes_system
@requirement("update-switch-members")
def check_a_switch_can_lose_all_members(history: SwitchHistory) -> None:
    """After a PATCH with an empty list a switch has no members."""
    expect_status(history.response("members none"), 200)
    exchange = history.response("list changed")
    row = listed(exchange, history.switch("uuid").id)
    expect_value(exchange, "members in the list", row.get("members"), [])


@changes_system
@requirement("update-switch-timestamp")
def check_switch_moved_to_the_past_is_not_current(history: SwitchHistory) -> None:
    """When the current switch is moved to the past, the one before it is the current one again."""
    need_success(history.response("move second switch-out"))
    need_current(history, history.response("fronters after delete"))
    exchange = history.response("fronters moved")
    actual = need_object(exchange).get("id")
    expect_value(exchange, "current switch", actual, history.switch("now").id)


@changes_system
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


@changes_system
@requirement("get-switches-newest-first")
def check_list_of_one_is_the_current_switch(history: SwitchHistory) -> None:
    """With limit=1 the list shows the switch that the fronters show."""
    fronters, exchange = history.response("fronters changed"), history.response("newest")
    need_current(history, fronters)
    current, rows = history.switch("now"), need_list(exchange)
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
