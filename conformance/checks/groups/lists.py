"""Groups: the list of a system's groups, with and without their members, and the system of a group (docs: endpoints#groups).

How groups are created and changed is tested in `post` and `patch`, how they are deleted in `deletion`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.checks import requirement
from conformance.checks.members.lists import expect_listed
from conformance.http import ME
from conformance.http.assertions import (
    ABSENT,
    expect_status,
    expect_value,
    need_list,
    need_object,
    need_row,
)

if TYPE_CHECKING:
    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.http import Caller, Exchange
    from conformance.scenarios.shown_entities import ShownEntities

WITH_MEMBERS = {"with_members": "true"}


@pytest.fixture(scope="session")
def groups_alone(listed_entities: ShownEntities, owner: Caller) -> Exchange:
    """The groups of the system, listed without a query."""
    del listed_entities
    return owner.send("getSystemGroups", ME)


@pytest.fixture(scope="session")
def groups_with_members(populated: ShownEntities, owner: Caller) -> Exchange:
    """The groups of the system, listed with their members."""
    del populated
    return owner.send("getSystemGroups", ME, query=WITH_MEMBERS)


@requirement("get-groups-contains-created")
def check_created_groups_are_listed(groups_alone: Exchange, account: Account) -> None:
    """Groups that were created are in the list of their system, however many they are."""
    expect_listed(groups_alone, "group", account)


@requirement("get-groups-without-members")
def check_no_members_unless_asked_for(groups_alone: Exchange) -> None:
    """Without `with_members` no group of the list has the key members."""
    rows = [row for row in need_list(groups_alone) if isinstance(row, dict)]
    having = [row.get("id") for row in rows if "members" in row]
    expect_value(groups_alone, "groups listed with the key members", having, [])


@requirement("get-groups-with-members")
def check_members_of_listed_groups(
    populated: ShownEntities, groups_with_members: Exchange, owner: Caller
) -> None:
    """With `with_members` a group of the list has the UUIDs of its members."""
    group = populated.groups[0]
    listed = need_list(owner.send("getGroupMembers", group.refs))
    wanted = sorted(str(row.get("uuid")) for row in listed if isinstance(row, dict))
    expect_status(groups_with_members, 200)
    shown = need_row(groups_with_members, group.id).get("members", ABSENT)
    known = sorted(map(str, shown)) if isinstance(shown, list) else shown
    expect_value(groups_with_members, "members of a listed group", known, wanted)


@requirement("get-groups-with-members")
def check_every_listed_group_has_members(
    separate_entities: ShownEntities, groups_with_members: Exchange
) -> None:
    """With `with_members` every group of the list has the key members, an empty one an empty list."""
    rows = [row for row in need_list(groups_with_members) if isinstance(row, dict)]
    lacking = [row.get("id") for row in rows if not isinstance(row.get("members"), list)]
    expect_value(groups_with_members, "groups without a list of members", lacking, [])
    shown = need_row(groups_with_members, separate_entities.groups[2].id)["members"]
    expect_value(groups_with_members, "members of an empty group", shown, [])


@requirement("responses-contain-all-keys")
def check_groups_with_members_have_all_keys(
    separate_entities: ShownEntities, groups_with_members: Exchange, contract: Contract
) -> None:
    """With `with_members` the groups have their other keys all the same."""
    row = need_row(groups_with_members, separate_entities.groups[1].id)
    lacking = [field.key for field in contract.fields_of("Group") if field.always]
    lacking = [key for key in lacking if key not in row]
    expect_value(groups_with_members, "keys that a group with members lacks", lacking, [])


@requirement("group-system-key")
def check_group_names_its_system(
    separate_entities: ShownEntities, owner: Caller, account: Account
) -> None:
    """A group that is read alone names the short id of its system."""
    exchange = owner.send("getGroup", separate_entities.groups[1].refs)
    expect_value(exchange, "system", need_object(exchange).get("system", ABSENT), account.system_id)
