"""What a system without any switch answers (docs: endpoints#get-current-system-fronters).

It comes first in a run: as soon as something was logged, there is no such system any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import changes_system, requirement
from conformance.wire import ME, NotApplicable
from conformance.wire.expectation import expect_status, expect_value

if TYPE_CHECKING:
    from conformance.wire import Caller
    from conformance.world import World


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
