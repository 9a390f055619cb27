"""What the owner, other systems and anonymous callers see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.reference.conftest import Sandbox

MEMBER = {
    "name": "Real",
    "display_name": "Shown",
    "birthday": "2001-02-03",
    "pronouns": "they",
    "avatar_url": "https://images.example.com/a",
    "webhook_avatar_url": "https://images.example.com/w",
    "banner": "https://images.example.com/b",
    "description": "text",
    "color": "ff0000",
    "proxy_tags": [{"prefix": "a", "suffix": None}],
}


def test_private_member_shows_placeholders_to_others(shared: Sandbox) -> None:
    """Each private value is null, the name is the display name, the tags are empty."""
    private = dict.fromkeys(shared.member()["privacy"], "private")
    member = shared.member(**MEMBER, privacy=private)
    hidden = dict.fromkeys(
        [
            *("display_name", "birthday", "pronouns", "avatar_url", "webhook_avatar_url"),
            *("banner", "description", "created", "autoproxy_enabled", "message_count"),
            *("last_message_timestamp", "privacy"),
        ]
    )
    path = f"/members/{member['id']}"
    assert shared.owner.get(path).json() == member
    for client in (shared.other, shared.anonymous):
        assert client.get(path).json() == member | hidden | {"name": "Shown", "proxy_tags": []}


@pytest.mark.parametrize(
    ("path", "key", "code"),
    [
        ("members", "member_list_privacy", 30001),
        ("groups", "group_list_privacy", 30002),
        ("fronters", "front_privacy", 30004),
        ("switches", "front_history_privacy", 30005),
    ],
)
def test_private_lists_are_403_to_others(sandbox: Sandbox, path: str, key: str, code: int) -> None:
    """A private list is open to the owner and closed to others."""
    sandbox.owner.patch("/systems/@me", json={"privacy": {key: "private"}})
    url = f"/systems/{sandbox.seeded.first.short_id}/{path}"
    assert sandbox.owner.get(url).is_success
    for client in (sandbox.other, sandbox.anonymous):
        response = client.get(url)
        assert (response.status_code, response.json()["code"]) == (403, code)


def test_one_switch_of_a_private_history_is_unknown(sandbox: Sandbox) -> None:
    """With a private history, a switch is unknown to other users."""
    switch = sandbox.owner.post("/systems/@me/switches", json={"members": []}).json()["id"]
    sandbox.owner.patch("/systems/@me", json={"privacy": {"front_history_privacy": "private"}})
    response = sandbox.other.get(f"/systems/{sandbox.seeded.first.short_id}/switches/{switch}")
    assert (response.status_code, response.json()["code"]) == (404, 20008)


def test_group_list_privacy_closes_members(shared: Sandbox) -> None:
    """A private group list hides the members in both places where they are listed."""
    member = shared.member()
    group = shared.group(privacy={"list_privacy": "private"})
    path = f"/groups/{group['id']}/members"
    shared.owner.post(f"{path}/add", json=[member["id"]])
    assert shared.other.get(path).json()["code"] == 30003
    listed = f"/systems/{shared.seeded.first.short_id}/groups?with_members=true"
    shown = {row["id"]: row["members"] for row in shared.other.get(listed).json()}
    assert shown[group["id"]] == []
    shown = {row["id"]: row["members"] for row in shared.owner.get(listed).json()}
    assert shown[group["id"]] == [member["uuid"]]


def test_invisible_rows_leave_lists(shared: Sandbox) -> None:
    """Private visibility takes a row out of the lists of others, not from a direct read."""
    private = {"visibility": "private"}
    member, group = shared.member(privacy=private), shared.group(privacy=private)
    shared.owner.post(f"/groups/{group['id']}/members/add", json=[member["id"]])
    system = f"/systems/{shared.seeded.first.short_id}"
    for path, row in (
        (f"{system}/members", member),
        (f"{system}/groups", group),
        (f"/groups/{group['id']}/members", member),
        (f"/members/{member['id']}/groups", group),
    ):
        assert row["id"] in [listed["id"] for listed in shared.owner.get(path).json()]
        assert row["id"] not in [listed["id"] for listed in shared.other.get(path).json()]
    assert shared.other.get(f"/members/{member['id']}").is_success
