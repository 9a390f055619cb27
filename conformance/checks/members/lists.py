"""Members: the list of a system's members, and the system of a member (docs: endpoints#members, models#member-model).

How members are created and changed is tested in `post` and `patch`, how they are deleted in `deletion`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import changes_system, requirement
from conformance.http import ME
from conformance.http.assertions import ABSENT, expect_value, need_list, need_object

if TYPE_CHECKING:
    from conformance.account import World
    from conformance.http import Caller, Exchange
    from conformance.scenarios.shown_entities import Scene


def expect_listed(exchange: Exchange, kind: str, world: World) -> None:
    """The list shows everything of this kind that the run created and did not delete."""
    listed = [row.get("id") for row in need_list(exchange) if isinstance(row, dict)]
    created = [ref for made, ref in world.journal.record.created if made == kind]
    missing = [ref for ref in created if ref not in listed]
    expect_value(exchange, f"{kind}s that are not listed", missing, [])


@changes_system
@requirement("get-members-contains-created")
def check_created_members_are_listed(crowd: Scene, owner: Caller, world: World) -> None:
    """Members that were created are in the list of their system, however many they are."""
    del crowd
    expect_listed(owner.send("getSystemMembers", ME), "member", world)


@changes_system
@requirement("member-system-key")
def check_member_names_its_system(circle: Scene, owner: Caller, world: World) -> None:
    """A member that is read alone names the short id of its system."""
    exchange = owner.send("getMember", circle.members[1].refs)
    expect_value(exchange, "system", need_object(exchange).get("system", ABSENT), world.system_id)
