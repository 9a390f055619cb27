"""A member who fronts and is renamed meanwhile: the switch, the PATCH, and how the switch shows after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.http import ME
from conformance.scenarios.once import Once

if TYPE_CHECKING:
    from conformance.account import Account, Entity
    from conformance.http import Exchange
    from conformance.scenarios.shown_entities import ShownEntities


class RenamedFronter:
    """Logs a switch to the member and renames them, once; then reads the switch."""

    def __init__(self, account: Account, member: Entity) -> None:
        """Take the member; nothing is sent yet."""
        self.account, self.member = account, member
        self.name = account.name()
        self._once = Once()

    def logged(self) -> Entity:
        """Return the switch; raises PreconditionFailed when it could not be logged."""
        made: Entity = self._once.get("switch", lambda: self.account.switch(self.member))
        return made

    def renamed(self) -> Exchange:
        """Return the response to the PATCH of the name, sent while the member fronts."""
        self.logged()
        body = {"name": self.name}
        response: Exchange = self._once.get(
            "name", lambda: self.account.owner.send("updateMember", self.member.refs, json=body)
        )
        return response

    def shown(self, operation: str) -> Exchange:
        """Return a read that shows the switch after the PATCH."""
        self.renamed()
        refs = self.logged().refs if operation == "getSwitch" else ME
        response: Exchange = self._once.get(
            operation, lambda: self.account.owner.send(operation, refs)
        )
        return response


@pytest.fixture(scope="session")
def renamed_fronter(account: Account, separate_entities: ShownEntities) -> RenamedFronter:
    """The first of the separate members, who fronts and has been renamed since."""
    return RenamedFronter(account, separate_entities.members[0])
