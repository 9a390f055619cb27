"""Members: the list of a system's members, and the system of a member (docs: endpoints#members, models#member-model).

How members are created and changed is tested in `post` and `patch`, how they are deleted in `deletion`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import requirement
from conformance.http import ME
from conformance.http.assertions import ABSENT, expect_value, need_list, need_object

if TYPE_CHECKING:
    from conformance.account import Account
    from conformance.http import Caller, Exchange
    from conformance.scenarios.shown_entities import ShownEntities


def expect_listed(exchange: Exchange, kind: str, account: Account) -> None:
    """The list shows everything of this kind that the run created and did not delete."""
    listed = [row.get("id") for row in need_list(exchange) if isinstance(row, dict)]
    created = [ref for made, ref in account.journal.record.created if made == kind]
    missing = [ref for ref in created if ref not in listed]
    expect_value(exchange, f"{kind}s that are not listed", missing, [])


@requirement("get-members-contains-created")
def check_created_members_are_listed(
    listed_entities: ShownEntities, owner: Caller, account: Account
) -> None:
    """Members that were created are in the list of their system, however many they are."""
    del listed_entities
    expect_listed(owner.send("getSystemMembers", ME), "member", account)


@requirement("member-system-key")
def check_member_names_its_system(
    separate_entities: ShownEntities, owner: Caller, account: Account
) -> None:
    """A member that is read alone names the short id of its system."""
    exchange = owner.send("getMember", separate_entities.members[1].refs)
    expect_value(exchange, "system", need_object(exchange).get("system", ABSENT), account.system_id)
