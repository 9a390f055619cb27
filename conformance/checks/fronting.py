"""A member who fronts and is given another name meanwhile (docs: endpoints#update-member, #get-current-system-fronters).

How switches are logged and changed is tested in `switches`; what becomes of a fronter who is deleted, in `deletion`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import Row, changes_system, each, requirement
from conformance.checks.rates import Once
from conformance.http import ME, Unmet
from conformance.http.assertions import expect_value, need_object, need_success

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Entity, World
    from conformance.contract import Contract
    from conformance.http import Exchange

PLACES = ("getFronters", "getSwitch")


class Fronting:
    """Logs a switch to the member and gives them a new name, once; then looks at the switch."""

    def __init__(self, world: World, member: Entity) -> None:
        """Take the member; nothing is sent yet."""
        self.world, self.member = world, member
        self.name = world.name()
        self._once = Once()

    def logged(self) -> Entity:
        """The switch; raises Unmet when it could not be logged."""
        made: Entity = self._once.get("switch", lambda: self.world.switch(self.member))
        return made

    def renamed(self) -> Exchange:
        """Return the answer to the PATCH of the name, sent when the member fronted already."""
        self.logged()
        body = {"name": self.name}
        answer: Exchange = self._once.get(
            "name", lambda: self.world.owner.send("updateMember", self.member.refs, json=body)
        )
        return answer

    def seen(self, operation: str) -> Exchange:
        """Return how the switch shows after the PATCH."""
        self.renamed()
        refs = self.logged().refs if operation == "getSwitch" else ME
        answer: Exchange = self._once.get(operation, lambda: self.world.owner.send(operation, refs))
        return answer


def places(_: Contract) -> Iterator[Row]:
    """Rows for the operations that show the switch."""
    return (Row(operation, operation) for operation in PLACES)


@changes_system
@requirement("update-member-persists")
@each("operation", places)
def check_fronter_has_the_new_name(operation: str, fronting: Fronting) -> None:
    """A member who was given another name while fronting has it among the fronters, and in the switch."""
    need_success(fronting.renamed())
    exchange = fronting.seen(operation)
    body = need_object(exchange)
    if body.get("id") != fronting.logged().id:
        reason = "the new switch did not become the current one"
        raise Unmet(reason, exchange)
    rows = body.get("members")
    shown = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    names = [row.get("name") for row in shown if row.get("id") == fronting.member.id]
    expect_value(exchange, "names of the member", names, [fronting.name])
