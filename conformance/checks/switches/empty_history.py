"""What a system returns in which nothing was logged or set (docs: endpoints#get-current-system-fronters, models#system-model).

It comes first in a run: as soon as something was logged, there is no such system any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import requirement
from conformance.http import ME, NotApplicable, PreconditionFailed
from conformance.http.assertions import (
    expect_error,
    expect_status,
    expect_value,
    need_object,
    need_success,
)

if TYPE_CHECKING:
    from conformance.account import Account
    from conformance.http import Caller, Exchange

UNSET_TIMEZONE = "UTC"
FORBIDDEN = 403


@requirement("get-fronters-none-204")
def check_no_switch_is_204(account: Account, owner: Caller) -> None:
    """GET of the fronters of a system without any switch returns 204 without content."""
    need_no_switch(account)
    exchange = owner.send("getFronters", ME)
    expect_status(exchange, 204)
    expect_value(exchange, "body", exchange.text, "")


@requirement("err-30004", "private-fronters-403")
def check_no_switch_is_private_too(account: Account) -> None:
    """Private fronters are rejected while there are none, too: that nobody fronts is for the owner alone to know."""
    need_no_switch(account)
    need_success(set_front_privacy(account, "private"))
    entered = account.owner.send("getSystem", ME)
    exchange = account.anonymous.send("getFronters", {"systemId": account.system_id})
    set_front_privacy(account, "public")  # what follows reads in public; at the end it is put back
    privacy = need_object(entered).get("privacy")
    if not isinstance(privacy, dict) or privacy.get("front_privacy") != "private":
        reason = "front_privacy could not be made private"
        raise PreconditionFailed(reason, entered)
    if exchange.ok:
        expect_status(exchange, FORBIDDEN, violates=("private-fronters-403",))
    if exchange.status != FORBIDDEN:
        reason = f"{exchange.label} was rejected with another status, as where somebody fronts"
        raise PreconditionFailed(reason, exchange)
    expect_error(exchange, FORBIDDEN, (30004,), violates=("err-30004",))


def need_no_switch(account: Account) -> None:
    """Raise NotApplicable when the system has switches, of the run or from before it."""
    kinds = [kind for kind, _ in account.journal.record.created]
    if account.snapshot.refs["switches"] or "switch" in kinds:
        reason = "the system has switches"
        raise NotApplicable(reason)


def set_front_privacy(account: Account, level: str) -> Exchange:
    """Make the fronters public or private."""
    return account.change_system(privacy={"front_privacy": level})


@requirement("system-timezone-default-utc")
def check_unset_timezone_is_utc(owner: Caller) -> None:
    """The timezone of a system is UTC until it is set."""
    exchange = owner.send("getSystem", ME)
    actual = need_object(exchange).get("timezone")
    if isinstance(actual, str) and actual not in ("", UNSET_TIMEZONE):
        reason = "the timezone may have been set before the run"
        raise NotApplicable(reason, exchange)
    expect_value(exchange, "timezone", actual, UNSET_TIMEZONE)
