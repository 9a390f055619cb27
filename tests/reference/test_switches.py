"""Switches, fronters and memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.reference.conftest import Sandbox

SWITCHES = "/systems/@me/switches"


def test_fronters_are_204_until_the_first_switch(sandbox: Sandbox) -> None:
    """No switch is 204; a switch-out is a switch without members."""
    assert sandbox.owner.get("/systems/@me/fronters").status_code == 204
    sandbox.owner.post(SWITCHES, json={"members": []})
    assert sandbox.owner.get("/systems/@me/fronters").json()["members"] == []


def test_switch_keeps_the_given_order(sandbox: Sandbox) -> None:
    """A full switch has member objects in order, the list short ids; body keys ignore case."""
    first, second = sandbox.member(), sandbox.member()
    body = {"Members": [second["uuid"], first["id"]], "TIMESTAMP": "2024-01-01T00:00:00+01:00"}
    switch = sandbox.owner.post(SWITCHES, json=body).json()
    assert switch["timestamp"] == "2023-12-31T23:00:00.000000Z"
    assert [member["id"] for member in switch["members"]] == [second["id"], first["id"]]
    assert sandbox.owner.get(f"{SWITCHES}/{switch['id']}").json() == switch
    listed = sandbox.owner.get(SWITCHES).json()
    assert listed == [switch | {"members": [second["id"], first["id"]]}]


def test_switch_rejections_have_their_codes(sandbox: Sandbox) -> None:
    """Duplicates, same fronters, taken timestamps and missing keys are distinguished."""
    member, path = sandbox.member(), SWITCHES
    stamp = "2024-01-01T00:00:00Z"
    switch = sandbox.owner.post(path, json={"members": [member["id"]], "timestamp": stamp}).json()
    other = sandbox.seeded.second
    cases = [
        ({"members": [member["id"], member["uuid"]]}, 40003),
        ({"members": [member["id"]]}, 40004),
        ({"members": [], "timestamp": stamp}, 40005),
        ({"members": ["zzzzzz"]}, 20003),
        ({"members": [next(iter(other.members))]}, 30008),
        ({}, 40001),
        ({"members": [], "timestamp": "yesterday"}, 40001),
    ]
    for body, code in cases:
        assert sandbox.owner.post(path, json=body).json()["code"] == code
    older = {"members": [member["id"]], "timestamp": "2023-01-01T00:00:00Z"}
    assert sandbox.owner.post(path, json=older).is_success
    one = f"{path}/{switch['id']}"
    assert sandbox.owner.patch(f"{one}/members", json=[member["id"]]).json()["code"] == 40004
    assert sandbox.owner.patch(one, json={}).json()["code"] == 40001


def test_list_is_newest_first_and_paged(sandbox: Sandbox) -> None:
    """The list starts with the newest, ends at 100, and before excludes its own instant."""
    for minute in reversed(range(103)):
        stamp = f"2024-01-01T{minute // 60:02}:{minute % 60:02}:00Z"
        sandbox.owner.post(SWITCHES, json={"members": [], "timestamp": stamp})
    page = sandbox.owner.get(SWITCHES, params={"limit": 500}).json()
    stamps = [switch["timestamp"] for switch in page]
    assert len(page) == 100
    assert stamps == sorted(stamps, reverse=True)
    rest = sandbox.owner.get(SWITCHES, params={"before": stamps[-1]}).json()
    assert len(rest) == 3
    assert rest[0]["timestamp"] < stamps[-1]
    for query in ("limit=", "limit=-1", "limit=x", "before=", "before=2024-01-01"):
        assert sandbox.owner.get(f"{SWITCHES}?{query}").json()["code"] == 0
    assert sandbox.owner.get(f"{SWITCHES}?limit=0").json() == []


def test_moved_switch_changes_places(sandbox: Sandbox) -> None:
    """A switch whose timestamp is patched moves to its new place in time."""
    member = sandbox.member()["id"]
    for stamp, members in (("2024-01-01T00:00:00Z", [member]), ("2024-01-02T00:00:00Z", [])):
        sandbox.owner.post(SWITCHES, json={"members": members, "timestamp": stamp})
    oldest = sandbox.owner.get(SWITCHES).json()[-1]["id"]
    sandbox.owner.patch(f"{SWITCHES}/{oldest}", json={"timestamp": "2024-01-03T00:00:00Z"})
    assert sandbox.owner.get("/systems/@me/fronters").json()["id"] == oldest
    assert sandbox.owner.delete(f"{SWITCHES}/{oldest}").status_code == 204
    assert len(sandbox.owner.get(SWITCHES).json()) == 1


def test_switches_of_others_are_unknown(sandbox: Sandbox) -> None:
    """A switch is only found below its own system."""
    foreign = sandbox.seeded.second.switches[0].uuid
    for method in ("GET", "DELETE"):
        response = sandbox.owner.request(method, f"{SWITCHES}/{foreign}")
        assert response.json()["code"] == 20008
    assert sandbox.owner.patch(f"{SWITCHES}/{foreign}/members", json=[]).json()["code"] == 20008


def test_deleted_member_leaves_groups_and_switches(sandbox: Sandbox) -> None:
    """Deleting a member takes it out of everything it was in."""
    member, group = sandbox.member()["id"], sandbox.group()["id"]
    sandbox.owner.post(f"/groups/{group}/members/add", json=[member])
    sandbox.owner.post(SWITCHES, json={"members": [member]})
    deleted = sandbox.owner.delete(f"/members/{member}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert sandbox.owner.get(f"/groups/{group}/members").json() == []
    assert sandbox.owner.get("/systems/@me/fronters").json()["members"] == []
    assert sandbox.owner.get(f"/members/{member}").json()["code"] == 20002


def test_memberships_are_symmetric(sandbox: Sandbox) -> None:
    """Paths of members and of groups add, remove and overwrite; only overwriting takes an empty list."""
    member, group, second = sandbox.member()["id"], sandbox.group()["id"], sandbox.group()["id"]

    def groups() -> list[str]:
        return [row["id"] for row in sandbox.owner.get(f"/members/{member}/groups").json()]

    path = f"/members/{member}/groups"
    sandbox.owner.post(f"/groups/{group}/members/add", json=[member, member])
    assert groups() == [group]
    sandbox.owner.post(f"{path}/overwrite", json=[second])
    assert groups() == [second]
    sandbox.owner.post(f"{path}/remove", json=[second])
    assert groups() == []
    for action, status in (("add", 400), ("remove", 400), ("overwrite", 204)):
        assert sandbox.owner.post(f"{path}/{action}", json=[]).status_code == status
