"""What a system returns in which nothing was logged or set (docs: endpoints#get-current-system-fronters, models#system-model).

It comes first in a run: as soon as something was logged, there is no such system any more. That its private lists are closed
nevertheless is tested in `privacy.empty_lists`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import requirement
from conformance.http import ME, NotApplicable
from conformance.http.assertions import expect_status, expect_value, need_object

if TYPE_CHECKING:
    from conformance.account import Account
    from conformance.http import Caller

UNSET_TIMEZONE = "UTC"


@requirement("get-fronters-none-204")
def check_no_switch_is_204(account: Account, owner: Caller) -> None:
    """GET of the fronters of a system without any switch returns 204 without content."""
    need_no_switch(account)
    exchange = owner.send("getFronters", ME)
    expect_status(exchange, 204)
    expect_value(exchange, "body", exchange.text, "")


def need_no_switch(account: Account) -> None:
    """Raise NotApplicable when the system has switches, of the run or from before it."""
    kinds = [kind for kind, _ in account.journal.record.created]
    if account.snapshot.refs["switches"] or "switch" in kinds:
        reason = "the system has switches"
        raise NotApplicable(reason)


@requirement("system-timezone-default-utc")
def check_unset_timezone_is_utc(owner: Caller) -> None:
    """The timezone of a system is UTC until it is set."""
    exchange = owner.send("getSystem", ME)
    actual = need_object(exchange).get("timezone")
    if isinstance(actual, str) and actual not in ("", UNSET_TIMEZONE):
        reason = "the timezone may have been set before the run"
        raise NotApplicable(reason, exchange)
    expect_value(exchange, "timezone", actual, UNSET_TIMEZONE)
