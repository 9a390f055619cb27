"""A member who fronts and is given another name meanwhile: the switch, the PATCH, and how the switch shows after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.http import ME
from conformance.scenarios.once import Once

if TYPE_CHECKING:
    from conformance.account import Entity, World
    from conformance.http import Exchange
    from conformance.scenarios.shown_entities import Scene


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


@pytest.fixture(scope="session")
def fronting(world: World, circle: Scene) -> Fronting:
    """The first member of the circle, who fronts, and goes by a new name since."""
    return Fronting(world, circle.members[0])
