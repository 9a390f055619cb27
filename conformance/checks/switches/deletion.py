"""A switch that is deleted is gone, and nothing else (docs: endpoints#delete-switch). How it is changed is in `switches.changes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import requirement
from conformance.checks.switches.members import need_current
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
from conformance.http.outcomes import Wording

if TYPE_CHECKING:
    from conformance.scenarios.switch_history import SwitchHistory

HTTP_NOT_FOUND = 404


@requirement("delete-switch-204")
def check_delete_returns_204(history: SwitchHistory) -> None:
    """DELETE of a switch returns 204 without content."""
    exchange = history.response("delete")
    expect_status(exchange, 204)
    expect_value(exchange, "body", exchange.text, "")


@requirement("deleted-switch-is-gone")
def check_deleted_switch_is_not_found(history: SwitchHistory) -> None:
    """A deleted switch returns 404."""
    need_success(history.response("delete"))
    expect_status(history.response("read deleted"), 404)


@requirement("deleted-switch-is-gone")
def check_deleted_switch_is_not_listed(history: SwitchHistory) -> None:
    """A deleted switch is not in the list."""
    need_success(history.response("delete"))
    exchange = history.response("list deleted")
    listed = [row["id"] for row in need_list(exchange) if isinstance(row, dict) and "id" in row]
    deleted = history.switch("uuid").id
    expect(
        "switches listed after one was deleted",
        holds=deleted not in listed,
        expected=Wording(f"not {deleted}"),
        actual=listed,
        exchange=exchange,
    )


@requirement("deleted-switch-is-gone")
def check_others_stay_when_one_is_deleted(history: SwitchHistory) -> None:
    """The DELETE of one switch leaves the others in the list."""
    need_success(history.response("delete"))
    other = history.switch("short id").id
    need_row(history.response("list changed"), other)
    exchange = history.response("list deleted")
    actual = [row["id"] for row in need_list(exchange) if isinstance(row, dict) and "id" in row]
    expect(
        "switches listed", holds=other in actual, expected=[other], actual=actual, exchange=exchange
    )


@requirement("deleted-switch-is-gone")
def check_deleted_switch_is_not_current(history: SwitchHistory) -> None:
    """When the current switch is deleted, the one before it is the current one again."""
    need_success(history.response("delete switch-out"))
    need_current(history, history.response("fronters changed"))
    if (
        need_object(history.response("fronters after switch-out")).get("id")
        != history.switch("switch-out").id
    ):
        reason = "the switch-out did not become the current switch"
        raise PreconditionFailed(reason, history.response("fronters after switch-out"))
    exchange = history.response("fronters after delete")
    expect_status(exchange, 200)
    expect_value(
        exchange, "current switch", need_object(exchange).get("id"), history.switch("now").id
    )


@requirement("deleted-switch-is-gone")
def check_deleted_switch_leaves_its_time(history: SwitchHistory) -> None:
    """A switch can be logged at the time of one that was deleted."""
    need_success(history.response("short id"))
    need_success(history.response("delete"))
    expect_accepted(history.response("again"))


@requirement("deleted-switch-is-gone")
def check_deleted_switch_takes_no_place_in_the_list(history: SwitchHistory) -> None:
    """With limit=1 the list shows the switch before the newest one when that was deleted."""
    need_success(history.response("delete switch-out"))
    need_current(history, history.response("fronters after delete"))
    current, exchange = history.switch("now"), history.response("newest after delete")
    before = [
        row.get("id") for row in need_list(history.response("newest")) if isinstance(row, dict)
    ]
    if current.id not in before:
        reason = "the list did not show the current switch before, either"
        raise NotApplicable(reason, history.response("newest"))
    actual = [row.get("id") for row in need_list(exchange) if isinstance(row, dict)]
    expect_value(exchange, "first switch with limit=1", actual[:1], [current.id])


@requirement("deleted-switch-is-gone")
def check_deleted_switch_can_be_logged_again(history: SwitchHistory) -> None:
    """When the current switch was deleted, its members can be switched in again."""
    need_success(history.response("delete switch-out"))
    need_current(history, history.response("fronters after delete"))
    expect_accepted(history.response("second switch-out"))
