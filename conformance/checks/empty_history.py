"""What a system answers in which nothing was logged or set (docs: endpoints#get-current-system-fronters, models#system-model).

It comes first in a run: as soon as something was logged, there is no such system any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import changes_system, requirement
from conformance.wire import ME, NotApplicable
from conformance.wire.expectation import expect_status, expect_value, need_object

if TYPE_CHECKING:
    from conformance.wire import Caller
    from conformance.world import World

UNSET_TIMEZONE = "UTC"


@changes_system
@requirement("get-fronters-none-204")
def check_no_switch_is_204(world: World, owner: Caller) -> None:
    """GET of the fronters of a system without any switch is answered 204 without content."""
    kinds = [kind for kind, _ in world.journal.record.created]
    if world.snapshot.refs["switches"] or "switch" in kinds:
        reason = "the system has switches"
        raise NotApplicable(reason)
    exchange = owner.send("getFronters", ME)
    expect_status(exchange, 204)
    expect_value(exchange, "body", exchange.text, "")


@requirement("system-timezone-default-utc")
def check_unset_timezone_is_utc(owner: Caller) -> None:
    """The timezone of a system is UTC until it is set."""
    exchange = owner.send("getSystem", ME)
    actual = need_object(exchange).get("timezone")
    if isinstance(actual, str) and actual not in ("", UNSET_TIMEZONE):
        reason = "the timezone may have been set before the run"
        raise NotApplicable(reason, exchange)
    expect_value(exchange, "timezone", actual, UNSET_TIMEZONE)
