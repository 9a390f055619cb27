"""The lists of a system when it has the most members and groups, near the end of a run (docs: endpoints#members, #groups)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import requirement
from conformance.checks.members.lists import expect_listed
from conformance.http import ME

if TYPE_CHECKING:
    from conformance.account import Account
    from conformance.scenarios.shown_entities import ShownEntities


@requirement("get-members-contains-created")
def check_all_members_of_the_run_are_listed(
    listed_entities: ShownEntities, account: Account
) -> None:
    """A list of many members shows every one."""
    del listed_entities
    expect_listed(account.owner.send("getSystemMembers", ME), "member", account)


@requirement("get-groups-contains-created")
def check_all_groups_of_the_run_are_listed(
    listed_entities: ShownEntities, account: Account
) -> None:
    """A list of many groups shows every one."""
    del listed_entities
    expect_listed(account.owner.send("getSystemGroups", ME), "group", account)
