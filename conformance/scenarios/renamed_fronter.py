"""A member who fronts and is given another name meanwhile: the switch, the PATCH, and how the switch shows after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.http import ME
from conformance.scenarios.once import Once

if TYPE_CHECKING:
    from conformance.account import Account, Entity
    from conformance.http import Exchange
    from conformance.scenarios.shown_entities import ShownEntities


class Fronting:
    """Logs a switch to the member and gives them a new name, once; then looks at the switch."""

    def __init__(self, account: Account, member: Entity) -> None:
        """Take the member; nothing is sent yet."""
        self.account, self.member = account, member
        self.name = account.name()
        self._once = Once()

    def logged(self) -> Entity:
        """The switch; raises PreconditionFailed when it could not be logged."""
        made: Entity = self._once.get("switch", lambda: self.account.switch(self.member))
        return made

    def renamed(self) -> Exchange:
        """Return the response to the PATCH of the name, sent when the member fronted already."""
        self.logged()
        body = {"name": self.name}
        response: Exchange = self._once.get(
            "name", lambda: self.account.owner.send("updateMember", self.member.refs, json=body)
        )
        return response

    def seen(self, operation: str) -> Exchange:
        """Return how the switch shows after the PATCH."""
        self.renamed()
        refs = self.logged().refs if operation == "getSwitch" else ME
        response: Exchange = self._once.get(
            operation, lambda: self.account.owner.send(operation, refs)
        )
        return response


@pytest.fixture(scope="session")
def fronting(account: Account, separate_entities: ShownEntities) -> Fronting:
    """The first member of the circle, who fronts, and goes by a new name since."""
    return Fronting(account, separate_entities.members[0])
