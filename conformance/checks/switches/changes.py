"""How switches are moved and changed (docs: endpoints#update-switch, #update-switch-members).

How they are logged is in `switches`, how they are deleted in `switches.deletion`, how a path names them in `switches.paths`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.http import NotApplicable, PreconditionFailed
from conformance.http.assertions import (
    expect,
    expect_status,
    expect_value,
    need_list,
    need_object,
    need_row,
    need_success,
)
from conformance.scenarios.shown_switches import expect_objects, expect_time, is_at
from conformance.scenarios.switch_history import member_ids, moment

if TYPE_CHECKING:
    from conformance.contract import Contract
    from conformance.scenarios.switch_history import SwitchHistory

HTTP_NOT_FOUND = 404
SHOWING = ("fronters kept", "read moved")
NOWHERE = ("move nowhere", "move to null")


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


@requirement("update-switch-timestamp")
def check_moved_switch_returns_new_time(history: SwitchHistory, contract: Contract) -> None:
    """PATCH of a switch returns the switch at its new time, in whichever zone it was sent, and with member objects."""
    exchange = history.response("move")
    expect_status(exchange, 200)
    old = history.with_fraction(2) if contract.revision == "2021-11" else None
    expect_objects(exchange, need_object(exchange))
    expect_time(exchange, history.at(0), as_upstream=old)


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


def need_time_kept_by_members(history: SwitchHistory) -> None:
    """Raise PreconditionFailed where PATCHes of the members of a switch move it, which has a check of its own."""
    exchange = history.response("read members uuid")
    if not is_at(need_object(exchange).get("timestamp"), history.at(1)):
        reason = "a switch whose members were changed is not at its time any more"
        raise PreconditionFailed(reason, exchange)


@requirement("update-switch-timestamp")
def check_moved_switch_is_listed_at_its_new_time(history: SwitchHistory) -> None:
    """The list shows a moved switch with its new time, unless the PATCHes of its members changed that."""
    need_success(history.response("move"))
    exchange = history.response("list changed")
    actual = need_row(exchange, history.switch("uuid").id).get("timestamp")
    need_time_kept_by_members(history)
    holds, expected = is_at(actual, history.at(0)), history.at(0)
    expect("timestamp", holds=holds, expected=expected, actual=actual, exchange=exchange)


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
    need_time_kept_by_members(history)
    actual = [ref for ref in order if ref in expected]
    expect_value(exchange, "order of the switches", actual, expected)


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


@requirement("update-switch-timestamp-required")
@each("step", lambda _: (Row(step, step.replace(" ", "-")) for step in NOWHERE))
def check_move_needs_a_timestamp(step: str, history: SwitchHistory) -> None:
    """PATCH of a switch without a timestamp, or with null for it, returns 400."""
    expect_status(history.response(step), 400)
