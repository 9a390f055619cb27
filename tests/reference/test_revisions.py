"""What is different at the revision 2021-11."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.reference.application import Server
from conformance.reference.rate_limiter.limiter import Limits
from conformance.reference.revisions import NEWEST, REVISIONS

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.driven import DrivenClock
    from tests.reference.conftest import Sandbox

    Start = Callable[..., AbstractContextManager[Sandbox]]

SYSTEM = "id uuid name description tag avatar_url banner color created timezone privacy"
MEMBER = (
    "id uuid name display_name color birthday pronouns avatar_url banner description created"
    " keep_proxy proxy_tags privacy"
)
GROUP = "id uuid name display_name description icon banner color privacy"
MESSAGE = "timestamp id original sender channel system member"
GUILD = "proxying_enabled autoproxy_mode autoproxy_member tag tag_enabled"


def test_objects_have_the_keys_of_the_revision(launched: Sandbox) -> None:
    """Keys that came later are missing, timezone is still part of the system."""
    member, group = launched.member(), launched.group()
    seeded = launched.seeded
    guild = f"guilds/{seeded.guild_id}"
    for path, keys in {
        "/systems/@me": SYSTEM,
        f"/members/{member['id']}": MEMBER,
        f"/groups/{group['id']}": GROUP,
        f"/messages/{seeded.message_id}": MESSAGE,
        f"/systems/@me/{guild}": GUILD,
        f"/members/{member['id']}/{guild}": "display_name avatar_url",
    }.items():
        assert " ".join(launched.owner.get(path).json()) == keys


def test_privacy_has_the_keys_of_the_revision(launched: Sandbox) -> None:
    """There are five keys for systems, seven for members, four for groups."""
    shown = (launched.owner.get("/systems/@me").json(), launched.member(), launched.group())
    assert [len(row["privacy"]) for row in shown] == [5, 7, 4]
    private = launched.member(privacy={"visibility": "private"})
    assert private["privacy"]["visibility"] == "private"


def test_names_are_hidden_where_a_key_exists(launched: Sandbox) -> None:
    """Group names, banners and proxy tags have no key that hides them."""
    seeded = launched.seeded.second
    secret = next(row for row in seeded.members.values() if row.fields["name"] == "Secret")
    shown = launched.anonymous.get(f"/members/{secret.short_id}").json()
    assert (shown["name"], shown["description"]) == ("Secret one", None)
    assert shown["banner"]
    assert shown["proxy_tags"]


@pytest.mark.parametrize("path", ["settings", "autoproxy?guild_id=1"])
def test_later_operations_are_missing(launched: Sandbox, path: str) -> None:
    """Settings and autoproxy came later."""
    assert launched.owner.get(f"/systems/@me/{path}").status_code == 404


def test_short_ids_have_five_lower_case_letters(launched: Sandbox) -> None:
    """Other id formats name nothing."""
    member = launched.member()
    assert len(member["id"]) == 5
    assert launched.owner.get(f"/members/{member['uuid'].upper()}").is_success
    assert launched.owner.get(f"/members/{member['id'].upper()}").json()["code"] == 20002


def test_before_is_inclusive(launched: Sandbox) -> None:
    """A switch of exactly that instant is listed."""
    when = "2021-11-07T00:00:00.5Z"
    body = {"timestamp": when, "members": []}
    switch = launched.owner.post("/systems/@me/switches", json=body).json()
    query = {"before": switch["timestamp"]}
    listed = launched.owner.get("/systems/@me/switches", params=query).json()
    assert [row["id"] for row in listed] == [switch["id"]]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/switches"),
        ("PATCH", "/switches/{switch}"),
        ("PATCH", "/switches/{switch}/members"),
        ("DELETE", "/switches/{switch}"),
    ],
)
def test_switches_are_written_under_me(launched: Sandbox, method: str, path: str) -> None:
    """Any other id format of the own system is rejected."""
    created = launched.owner.post("/systems/@me/switches", json={"members": []}).json()
    filled = f"/systems/{launched.seeded.first.short_id}{path.format(switch=created['id'])}"
    response = launched.owner.request(method, filled)
    assert (response.status_code, response.json()["code"]) == (400, 0)
    assert len(launched.owner.get("/systems/@me/switches").json()) == 1


def test_patch_without_a_valid_key_is_500(launched: Sandbox) -> None:
    """An object without a valid key is 500 with code 0."""
    for path in ("/systems/@me", f"/members/{launched.member()['id']}"):
        for body in ({}, {"unknown": 1}):
            response = launched.owner.patch(path, json=body)
            assert (response.status_code, response.json()["code"]) == (500, 0)


def test_autoproxy_is_part_of_guild_settings(launched: Sandbox) -> None:
    """The mode member needs a member; deleting that member switches autoproxy off."""
    path = f"/systems/@me/guilds/{launched.seeded.guild_id}"
    assert launched.owner.patch(path, json={"autoproxy_mode": "member"}).json()["code"] == 40002
    member = launched.member()["id"]
    body = {"autoproxy_mode": "member", "autoproxy_member": member}
    assert launched.owner.patch(path, json=body).json()["autoproxy_member"] == member
    launched.owner.delete(f"/members/{member}")
    assert launched.owner.get(path).json()["autoproxy_mode"] == "off"


def test_timezone_is_part_of_the_system(launched: Sandbox) -> None:
    """The time zone is that of the tz database, UTC at first."""
    assert launched.owner.get("/systems/@me").json()["timezone"] == "UTC"
    for zone, status in (("Europe/Berlin", 200), ("Nowhere/City", 400)):
        assert launched.owner.patch("/systems/@me", json={"timezone": zone}).status_code == status


def test_messages_go_with_their_member(launched: Sandbox) -> None:
    """A message always has a system and a member."""
    orphan = f"/messages/{launched.seeded.deleted_message_id}"
    assert launched.anonymous.get(orphan).json()["code"] == 20006


def test_no_user_agent_is_needed(launched: Sandbox) -> None:
    """Requests need no User-Agent."""
    response = launched.owner.get("/systems/@me", headers={"User-Agent": ""})
    assert response.is_success


def test_one_limit_covers_everything(start: Start, clock: DrivenClock) -> None:
    """Two requests a second pass, of whatever kind, and no header shows it."""
    limits = Limits(clock=clock)
    with start(limited=True, revision="2021-11", limits=limits) as sandbox:
        paths = ("/systems/@me", "/messages/1", "/systems/@me")
        responses = [sandbox.owner.get(path) for path in paths]
    assert [response.status_code for response in responses] == [200, 404, 429]
    assert set(responses[-1].json()) == {"message", "code", "retry_after"}
    assert "x-ratelimit-limit" not in responses[0].headers


def test_revisions_share_no_tables() -> None:
    """A server of one revision leaves those of another alone."""
    old, new = (Server(revision=row) for row in (REVISIONS["2021-11"], NEWEST))
    assert list(REVISIONS) == ["2025-08", "2021-11"]
    assert "timezone" in old.seeded.first.fields
    assert "timezone" not in new.seeded.first.fields
