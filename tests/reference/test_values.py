"""Which values members, groups, systems and settings take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.reference.conftest import Sandbox

URL = "https://images.example.com/"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", None),
        ("name", " "),
        ("name", 5),
        ("name", "x" * 101),
        ("description", "x" * 1001),
        ("description", ["x"]),
        ("avatar_url", "picture"),
        ("avatar_url", "http://[broken"),
        ("avatar_url", f"{URL}{'x' * 256}"),
        ("color", "#ff0000"),
        ("color", "ff0"),
        ("birthday", "2021-02-30"),
        ("birthday", "0000-01-01"),
        ("birthday", "20210203"),
        ("keep_proxy", None),
        ("keep_proxy", "true"),
        ("proxy_tags", None),
        ("proxy_tags", [{}]),
        ("proxy_tags", [{"prefix": "x" * 96}]),
        ("proxy_tags", ["x"]),
        ("privacy", "private"),
    ],
)
def test_bad_values_are_40001_on_their_key(shared: Sandbox, key: str, value: object) -> None:
    """A value that violates a rule is rejected with the key under errors."""
    response = shared.owner.post("/members", json={"name": "A", key: value})
    assert (response.status_code, response.json()["code"]) == (400, 40001)
    assert list(response.json()["errors"]) == [key]


@pytest.mark.parametrize(
    ("key", "value", "stored"),
    [
        ("name", "x" * 100, "x" * 100),
        ("name", "😀" * 100, "😀" * 100),
        ("pronouns", "", None),
        ("avatar_url", f"http{URL[5:]}a", f"http{URL[5:]}a"),
        ("birthday", "0004-02-29", "0004-02-29"),
        ("proxy_tags", [{"suffix": "x" * 95}], [{"prefix": None, "suffix": "x" * 95}]),
        ("keep_proxy", True, True),
    ],
)
def test_good_values_are_stored(shared: Sandbox, key: str, value: object, stored: object) -> None:
    """A valid value is returned; blank text clears, and missing parts of tags are null."""
    member = shared.member(**{key: value})
    assert shared.owner.get(f"/members/{member['id']}").json()[key] == stored


def test_too_long_text_reports_lengths(shared: Sandbox) -> None:
    """The error object of a text that is too long has both lengths."""
    errors = shared.owner.post("/groups", json={"name": "x" * 101}).json()["errors"]
    assert errors["name"][0]["max_length"] == 100
    assert errors["name"][0]["actual_length"] == 101


def test_required_name_is_reported_with_other_errors(shared: Sandbox) -> None:
    """A POST names everything that is wrong at once."""
    errors = shared.owner.post("/members", json={"color": "red"}).json()["errors"]
    assert sorted(errors) == ["color", "name"]


def test_patch_keeps_what_it_does_not_name(shared: Sandbox) -> None:
    """PATCH changes the keys it names; identity and unknown keys are ignored."""
    member = shared.member(pronouns="they", privacy={"visibility": "private"})
    body = {"id": "aaaaaa", "uuid": "x", "created": "", "color": "FF0000", "zzz": 1, "privacy": {}}
    changed = shared.owner.patch(f"/members/{member['id']}", json=body).json()
    assert changed == member | {"color": "FF0000"}


def test_null_privacy_means_public(shared: Sandbox) -> None:
    """A privacy key set to null is public again; other words are rejected on the key."""
    group = shared.group(privacy={"visibility": "private"})
    path = f"/groups/{group['id']}"
    changed = shared.owner.patch(path, json={"privacy": {"visibility": None}}).json()
    assert changed["privacy"]["visibility"] == "public"
    rejected = shared.owner.patch(path, json={"privacy": {"visibility": "secret"}}).json()
    assert list(rejected["errors"]) == ["visibility"]


def test_settings_are_read_as_written(sandbox: Sandbox) -> None:
    """Every key but the limits can be patched; others see nine keys."""
    before = sandbox.owner.get("/systems/@me/settings").json()
    body = {
        "timezone": "Europe/Paris",
        "latch_timeout": 0,
        "show_private_info": False,
        "hid_list_padding": "left",
        "proxy_switch": "add",
        "name_format": "{tag}",
        "member_limit": 1,
    }
    after = sandbox.owner.patch("/systems/@me/settings", json=body).json()
    assert after == before | body | {"member_limit": 1000}
    assert len(before) == 15
    path = f"/systems/{sandbox.seeded.first.short_id}/settings"
    assert len(sandbox.other.get(path).json()) == 9
    rejected = sandbox.owner.patch("/systems/@me/settings", json={"timezone": "Nowhere"})
    assert list(rejected.json()["errors"]) == ["timezone"]


def test_new_members_have_settings_in_the_seeded_guild(shared: Sandbox) -> None:
    """Sandbox rule: a member of the first system counts as seen in the seeded guild."""
    member, guild = shared.member()["id"], shared.seeded.guild_id
    path = f"/members/{member}/guilds"
    changed = shared.owner.patch(f"{path}/{guild}", json={"keep_proxy": None, "avatar_url": URL})
    assert changed.json() == {"display_name": None, "avatar_url": URL, "keep_proxy": None}
    assert shared.owner.get(f"{path}/1").json()["code"] == 20010
    assert shared.owner.get("/systems/@me/guilds/1").json()["code"] == 20009
    assert shared.owner.get("/systems/@me/guilds/x").status_code == 400


def test_autoproxy_mode_and_member_fit(shared: Sandbox) -> None:
    """The mode member needs a member, the mode front has none."""
    path, member = "/systems/@me/autoproxy", shared.member()
    for query in ("", "?guild_id=5&channel_id=6", "?guild_id="):
        assert shared.owner.get(f"{path}{query}").status_code == 400
    path += "?guild_id=5"
    assert shared.owner.get(path).json()["autoproxy_mode"] == "off"
    missing = shared.owner.patch(path, json={"autoproxy_mode": "member"})
    assert missing.json()["code"] == 40002
    body = {"autoproxy_mode": "member", "autoproxy_member": member["uuid"]}
    assert shared.owner.patch(path, json=body).json()["autoproxy_member"] == member["id"]
    rejected = shared.owner.patch(path, json=body | {"autoproxy_mode": "front"})
    assert list(rejected.json()["errors"]) == ["autoproxy_member"]
    front = shared.owner.patch(path, json={"autoproxy_mode": "front"})
    assert front.json()["autoproxy_member"] is None
