"""What a server rejects: the wrong caller, and bodies in the wrong form."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.faults.recorder import IMAGE, ME, NOWHERE, STEPS
from tests.faults.sample_entities import create_entities, create_groups, create_members

if TYPE_CHECKING:
    from tests.faults.recorder import Recorder

CONTENTS = (b"{", b"", b"null", b"[]", b'"x"', b"{}", b'{"zzz":1}', b"[" * 5000)
MEDIA_TYPES = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/octet-stream",
    "text/json",
    "application/json; charset=utf-8",
    "APPLICATION/JSON",
    "",
    None,
)
TOO_LONG_URL = IMAGE + "x" * (257 - len(IMAGE))
VALUES: dict[str, tuple[object, ...]] = {
    "name": ("x" * 101, "x" * 1001, None, ""),
    "display_name": ("x" * 101, "x" * 1001),
    "description": ("a  b\n\nc", "é" * 600, "x" * 1001, "0"),
    "pronouns": ("x" * 101, "x" * 1001),
    "tag": ("x" * 80,),
    "color": ("#ffffff", "fff", "red", "gggggg", "1234567", "0x1234", 5),
    "birthday": ("2000-02-30", "01-02", "2000/01/02", "2000-1-2", "20000102", "2000-01-01T00:00Z"),
    "avatar_url": (
        "x",
        "images.example.com/a.png",
        "ftp://example.com/a",
        "https://",
        f"see {IMAGE}",
        TOO_LONG_URL,
    ),
    "banner": ("x", TOO_LONG_URL),
    "icon": ("x", TOO_LONG_URL),
    "webhook_avatar_url": ("x", TOO_LONG_URL),
    "proxy_tags": (None, {}, [{"prefix": "x" * 60, "suffix": "x" * 60}], ["x"]),
    "privacy": ([], "private", {"visibility": "secret"}),
    "tts": (None, "yes", 1),
}
OF_MEMBERS = ("birthday", "proxy_tags", "tts", "webhook_avatar_url")


def callers(recorder: Recorder) -> None:
    """Send every write as a caller who may not."""
    members, groups = create_members(recorder, 1), create_groups(recorder, 1)
    member, group = members[0], groups[0]
    one, many = f"/members/{member}", f"/groups/{group}"
    guild = f"guilds/{recorder.server.seeded.guild_id}"
    bodies: list[tuple[str, str, object]] = [
        ("PATCH", ME, {"tag": "x"}),
        ("PATCH", f"/systems/{recorder.server.seeded.first.short_id}", {"tag": "y"}),
        ("PATCH", f"{ME}/settings", {"pings_enabled": True}),
        ("PATCH", f"{ME}/{guild}", {"tag": "x"}),
        ("PATCH", f"{one}/{guild}", {"keep_proxy": False}),
        ("POST", f"{ME}/switches", {"members": []}),
        ("POST", "/members", {"name": "x"}),
        ("POST", "/groups", {"name": "x"}),
        ("PATCH", one, {"name": "x"}),
        ("PATCH", many, {"name": "x"}),
        *(("POST", f"{many}/members/{step}", [member]) for step in STEPS),
        *(("POST", f"{one}/groups/{step}", [group]) for step in STEPS),
        ("DELETE", one, None),
        ("DELETE", many, None),
    ]
    for who in ("", "other", "wrong"):
        for method, path, body in bodies:
            recorder.send(method, path, body, who)
        recorder.get(ME, f"{ME}/members", one, many, who=who)


def tokens(recorder: Recorder) -> None:
    """Send tokens similar to the right one, and the right one where it does not count."""
    one = f"/members/{create_members(recorder, 1)[0]}"
    own = recorder.tokens["owner"]
    for token in ("", own[:-1], f"{own}x", own.upper(), "a b", f"Bearer {own}"):
        recorder.send("PATCH", one, {"tts": True}, "", authorization=token)
        recorder.send("GET", one, who="", authorization=token)
    recorder.send("GET", f"{ME}?token={quote(own, safe='')}", who="")
    recorder.send("GET", ME, who="", cookie=f"token={own}", x_token=own)
    recorder.send("OPTIONS", ME, origin="https://example.com")


def agents(recorder: Recorder) -> None:
    """Send an empty User-Agent, or none."""
    one = f"/members/{create_members(recorder, 1)[0]}"
    for agent in ("", None):
        for path in (ME, f"/systems/{recorder.server.seeded.first.short_id}", one):
            recorder.send("GET", path, user_agent=agent)
            recorder.send("GET", path, who="", user_agent=agent)
        recorder.send("PATCH", ME, {"tag": "agent"}, user_agent=agent)
        recorder.get(ME)


def bodies(recorder: Recorder) -> None:
    """Send bodies that are no JSON, or JSON of another form, and other media types."""
    members, groups, _ = create_entities(recorder)
    one, many = f"/members/{members[0]}", f"/groups/{groups[0]}"
    for media in MEDIA_TYPES:
        recorder.send("PATCH", ME, {"tag": str(media)[-9:]}, content_type=media)
        recorder.send("POST", "/groups", {"name": "typed"}, content_type=media)
    recorder.get(ME, f"{ME}/groups")
    for content in CONTENTS:
        for method, path in (
            ("PATCH", one),
            ("POST", "/groups"),
            ("POST", f"{many}/members/add"),
            ("POST", f"{ME}/switches"),
        ):
            recorder.send(method, path, content)
    recorder.get(f"{many}/members", f"{one}/groups", one, many, ME)


def values_of_members(recorder: Recorder) -> None:
    """Send values that are invalid for keys of a member, and some at the edge."""
    one = f"/members/{create_members(recorder, 1)[0]}"
    recorder.send("PATCH", one, {"proxy_tags": [{"prefix": "**", "suffix": "**"}]})
    for key, wrong in VALUES.items():
        for value in wrong:
            recorder.send("PATCH", one, {key: value})
    recorder.get(one)


def values_of_others(recorder: Recorder) -> None:
    """Send such values for a group and the system."""
    many = f"/groups/{create_groups(recorder, 1)[0]}"
    for key, wrong in VALUES.items():
        for value in wrong:
            if key not in OF_MEMBERS:
                recorder.send("PATCH", many, {"icon": None, key: value})
                recorder.send("PATCH", ME, {key: value})
    recorder.send("PATCH", ME, {"tag": "t" * 80, "name": "n" * 101})
    recorder.get(many, ME)


def references(recorder: Recorder) -> None:
    """List refs that do not exist, or belong to the other system."""
    members, groups, _ = create_entities(recorder)
    of_group, of_member = f"/groups/{groups[0]}/members", f"/members/{members[0]}/groups"
    for rest in ([NOWHERE], ["nobody"], [1]):
        for step in STEPS:
            recorder.send("POST", f"{of_group}/{step}", [members[0], *rest])
            recorder.send("POST", f"{of_member}/{step}", [groups[0], *rest])
    refs: list[object] = [[NOWHERE], {}]
    for body in refs:
        recorder.send("POST", f"{of_group}/overwrite", body)
        recorder.send("POST", f"{of_member}/overwrite", body)
    recorder.send("POST", f"{of_group}/add", recorder.foreign("members"))
    recorder.send("POST", f"{of_member}/add", recorder.foreign("groups"))
    recorder.get(of_group, of_member)


def partly_valid(recorder: Recorder) -> None:
    """Send valid keys together with invalid ones, and read by other id formats whether they are stored."""
    members, groups = create_members(recorder, 1), create_groups(recorder, 1)
    guild = f"guilds/{recorder.server.seeded.guild_id}"
    paths = (ME, f"/members/{members[0]}", f"/groups/{groups[0]}")
    for path in paths:
        recorder.send("PATCH", path, {"description": "in part", "color": "red"})
        recorder.get(path)
    for path in paths[1:]:
        kind, uuid = path.split("/")[1], recorder.uuid(path)
        recorder.send("PATCH", f"/{kind}/{uuid}", {"description": "by uuid"})
        recorder.get(path, f"/{kind}/{uuid}", f"/{kind}/{uuid}/{guild}")
    recorder.send("PATCH", f"{paths[1]}/{guild}", {"no_such_key": 1})
