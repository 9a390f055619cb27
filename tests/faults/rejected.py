"""What a server rejects: the wrong caller, and bodies in the wrong form."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.faults.cast import cast, some_groups, some_members
from tests.faults.telling import IMAGE, ME, NOWHERE, STEPS

if TYPE_CHECKING:
    from tests.faults.telling import Story

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


def callers(story: Story) -> None:
    """Try every write as somebody who may not."""
    members, groups = some_members(story, 1), some_groups(story, 1)
    member, group = members[0], groups[0]
    one, many = f"/members/{member}", f"/groups/{group}"
    guild = f"guilds/{story.server.seeded.guild_id}"
    bodies: list[tuple[str, str, object]] = [
        ("PATCH", ME, {"tag": "x"}),
        ("PATCH", f"/systems/{story.server.seeded.first.short_id}", {"tag": "y"}),
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
            story.ask(method, path, body, who)
        story.get(ME, f"{ME}/members", one, many, who=who)


def tokens(story: Story) -> None:
    """Try what is like the token, and the token where it does not belong."""
    one = f"/members/{some_members(story, 1)[0]}"
    own = story.tokens["owner"]
    for token in ("", own[:-1], f"{own}x", own.upper(), "a b", f"Bearer {own}"):
        story.ask("PATCH", one, {"tts": True}, "", authorization=token)
        story.ask("GET", one, who="", authorization=token)
    story.ask("GET", f"{ME}?token={quote(own, safe='')}", who="")
    story.ask("GET", ME, who="", cookie=f"token={own}", x_token=own)
    story.ask("OPTIONS", ME, origin="https://example.com")


def agents(story: Story) -> None:
    """Leave the User-Agent empty, or out."""
    one = f"/members/{some_members(story, 1)[0]}"
    for agent in ("", None):
        for path in (ME, f"/systems/{story.server.seeded.first.short_id}", one):
            story.ask("GET", path, user_agent=agent)
            story.ask("GET", path, who="", user_agent=agent)
        story.ask("PATCH", ME, {"tag": "agent"}, user_agent=agent)
        story.get(ME)


def bodies(story: Story) -> None:
    """Send what is no JSON, or JSON of another form, and name it otherwise."""
    members, groups, _ = cast(story)
    one, many = f"/members/{members[0]}", f"/groups/{groups[0]}"
    for media in MEDIA_TYPES:
        story.ask("PATCH", ME, {"tag": str(media)[-9:]}, content_type=media)
        story.ask("POST", "/groups", {"name": "typed"}, content_type=media)
    story.get(ME, f"{ME}/groups")
    for content in CONTENTS:
        for method, path in (
            ("PATCH", one),
            ("POST", "/groups"),
            ("POST", f"{many}/members/add"),
            ("POST", f"{ME}/switches"),
        ):
            story.ask(method, path, content)
    story.get(f"{many}/members", f"{one}/groups", one, many, ME)


def values_of_members(story: Story) -> None:
    """Send values that no key of a member takes, and some that are near."""
    one = f"/members/{some_members(story, 1)[0]}"
    for key, wrong in VALUES.items():
        for value in wrong:
            story.ask("PATCH", one, {key: value})
    story.get(one)


def values_of_others(story: Story) -> None:
    """Send such values to a group and to the system."""
    many = f"/groups/{some_groups(story, 1)[0]}"
    for key, wrong in VALUES.items():
        for value in wrong:
            if key not in OF_MEMBERS:
                story.ask("PATCH", many, {"icon": None, key: value})
                story.ask("PATCH", ME, {key: value})
    story.ask("PATCH", ME, {"tag": "t" * 80, "name": "n" * 101})
    story.get(many, ME)


def references(story: Story) -> None:
    """Name in lists what does not exist, or belongs to the other system."""
    members, groups, _ = cast(story)
    of_group, of_member = f"/groups/{groups[0]}/members", f"/members/{members[0]}/groups"
    for rest in ([NOWHERE], ["nobody"], [1]):
        for step in STEPS:
            story.ask("POST", f"{of_group}/{step}", [members[0], *rest])
            story.ask("POST", f"{of_member}/{step}", [groups[0], *rest])
    refs: list[object] = [[NOWHERE], {}]
    for body in refs:
        story.ask("POST", f"{of_group}/overwrite", body)
        story.ask("POST", f"{of_member}/overwrite", body)
    story.ask("POST", f"{of_group}/add", story.foreign("members"))
    story.ask("POST", f"{of_member}/add", story.foreign("groups"))
    story.get(of_group, of_member)


def parts(story: Story) -> None:
    """Send what is right beside what is wrong, and look under other names whether it is stored."""
    members, groups = some_members(story, 1), some_groups(story, 1)
    guild = f"guilds/{story.server.seeded.guild_id}"
    paths = (ME, f"/members/{members[0]}", f"/groups/{groups[0]}")
    for path in paths:
        story.ask("PATCH", path, {"description": "in part", "color": "red"})
        story.get(path)
    for path in paths[1:]:
        kind, uuid = path.split("/")[1], story.uuid(path)
        story.ask("PATCH", f"/{kind}/{uuid}", {"description": "by uuid"})
        story.get(path, f"/{kind}/{uuid}", f"/{kind}/{uuid}/{guild}")
    story.ask("PATCH", f"{paths[1]}/{guild}", {"no_such_key": 1})
