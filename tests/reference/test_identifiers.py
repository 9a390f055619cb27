"""Id formats of refs in paths and bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reference.conftest import Sandbox

    FormatRef = Callable[[dict[str, str]], str]


@pytest.mark.parametrize(
    "in_format",
    [
        lambda row: row["id"],
        lambda row: row["id"].upper(),
        lambda row: f"{row['id'][:3]}-{row['id'][3:]}",
        lambda row: row["uuid"],
        lambda row: row["uuid"].upper(),
        lambda row: row["uuid"].replace("-", ""),
    ],
    ids=["short", "upper", "dashed", "uuid", "upper uuid", "plain uuid"],
)
def test_member_is_found_by_every_id_format(shared: Sandbox, in_format: FormatRef) -> None:
    """A short id or UUID names the same row however it is written."""
    member = shared.member()
    assert shared.anonymous.get(f"/members/{in_format(member)}").json()["uuid"] == member["uuid"]
    group = shared.group()
    added = shared.owner.post(f"/groups/{group['id']}/members/add", json=[in_format(member)])
    assert added.status_code == 204


@pytest.mark.parametrize("ref", ["zzzzzz", "ab-cdef", "abc--def", "1234", "äbcde", "%00", "{ref}"])
def test_unknown_or_odd_refs_are_404(shared: Sandbox, ref: str) -> None:
    """Whatever names nothing returns 404 with the code of its kind."""
    for path, code in (("systems", 20001), ("members", 20002), ("groups", 20004)):
        response = shared.owner.get(f"/{path}/{ref}")
        assert (response.status_code, response.json()["code"]) == (404, code)


def test_system_is_found_by_account_and_me(shared: Sandbox) -> None:
    """A linked Discord account and @me name the system."""
    system = shared.owner.get("/systems/@me").json()
    discord_id = shared.seeded.first.accounts[0]
    assert shared.anonymous.get(f"/systems/{discord_id}").json()["id"] == system["id"]
    assert shared.anonymous.get("/systems/@me").status_code == 401


def test_switch_refs_are_uuids(shared: Sandbox) -> None:
    """A switch id that is no UUID is 40006, an unknown one 20008 or, for members, 20007."""
    unknown = "00000000-0000-4000-8000-000000000000"
    switches = "/systems/@me/switches"
    assert shared.owner.get(f"{switches}/abc").json()["code"] == 40006
    assert shared.owner.get(f"{switches}/{unknown}").json()["code"] == 20008
    patched = shared.owner.patch(f"{switches}/{unknown}/members", json=[])
    assert patched.json()["code"] == 20007


def test_messages_are_found_by_both_ids(shared: Sandbox) -> None:
    """A message has two ids; one of a deleted member has neither system nor member."""
    seeded = shared.seeded
    found = [
        shared.anonymous.get(f"/messages/{ref}").json()
        for ref in (seeded.message_id, seeded.original_message_id)
    ]
    assert found[0] == found[1]
    assert "system" not in found[0]["member"]
    orphan = shared.anonymous.get(f"/messages/{seeded.deleted_message_id}").json()
    assert (orphan["system"], orphan["member"]) == (None, None)
    assert shared.anonymous.get("/messages/1").json()["code"] == 20006
    assert shared.anonymous.get("/messages/abc").status_code == 400
