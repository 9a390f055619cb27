"""What a server refuses: the wrong caller, and bodies in the wrong form."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

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


def refusals(story: Story, member: str, group: str) -> None:
    """Send what is refused, and look whether anything has changed."""
    one, many = f"/members/{member}", f"/groups/{group}"
    callers(story, member, group)
    tokens(story, one)
    for content in CONTENTS:
        for method, path in (
            ("PATCH", one),
            ("POST", "/groups"),
            ("POST", f"{many}/members/add"),
            ("POST", f"{ME}/switches"),
        ):
            story.ask(method, path, content)
    for media in MEDIA_TYPES:
        story.ask("PATCH", ME, {"tag": str(media)[-9:]}, content_type=media)
        story.ask("POST", "/groups", {"name": "typed"}, content_type=media)
    agents(story, one)
    values(story, one, many)
    references(story, member, group)
    posts(story)
    parts(story, member, group)
    story.get(f"{many}/members", f"{one}/groups", one, many, ME)


def callers(story: Story, member: str, group: str) -> None:
    """Try every write as somebody who may not."""
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


def tokens(story: Story, one: str) -> None:
    """Try what is like the token, and the token where it does not belong."""
    own = story.tokens["owner"]
    for token in ("", own[:-1], f"{own}x", own.upper(), "a b"):
        story.ask("PATCH", one, {"tts": True}, "", authorization=token)
        story.ask("GET", one, who="", authorization=token)
    story.ask("GET", f"{ME}?token={quote(own, safe='')}", who="")
    story.ask("GET", ME, who="", cookie=f"token={own}", x_token=own)
    story.ask("OPTIONS", ME, origin="https://example.com")


def agents(story: Story, one: str) -> None:
    """Leave the User-Agent empty, or out."""
    for agent in ("", None):
        for path in (ME, f"/systems/{story.server.seeded.first.short_id}", one):
            story.ask("GET", path, user_agent=agent)
            story.ask("GET", path, who="", user_agent=agent)
        story.ask("PATCH", ME, {"tag": "agent"}, user_agent=agent)
        story.get(ME)


def values(story: Story, one: str, many: str) -> None:
    """Send values that no key takes, and some that are near."""
    for key, wrong in VALUES.items():
        for value in wrong:
            story.ask("PATCH", one, {key: value})
            if key not in OF_MEMBERS:
                story.ask("PATCH", many, {"icon": None, key: value})
                story.ask("PATCH", ME, {key: value})
    story.ask("PATCH", ME, {"tag": "t" * 80, "name": "n" * 101})


def references(story: Story, member: str, group: str) -> None:
    """Name in lists what does not exist, or belongs to the other system."""
    for rest in ([NOWHERE], ["nobody"], [1]):
        for step in STEPS:
            story.ask("POST", f"/groups/{group}/members/{step}", [member, *rest])
            story.ask("POST", f"/members/{member}/groups/{step}", [group, *rest])
    bodies: list[object] = [[NOWHERE], {}]
    for body in bodies:
        story.ask("POST", f"/groups/{group}/members/overwrite", body)
        story.ask("POST", f"/members/{member}/groups/overwrite", body)
    story.ask("POST", f"/groups/{group}/members/add", story.foreign("members"))
    story.ask("POST", f"/members/{member}/groups/add", story.foreign("groups"))


def posts(story: Story) -> None:
    """Create with values that are refused, and with the longest that are not."""
    for path in ("/members", "/groups"):
        for body in ({"birthday": "someday"}, {"description": "x" * 1001}, {"color": "red"}):
            story.ask("POST", path, {"name": "refused", **body})


def parts(story: Story, member: str, group: str) -> None:
    """Send what is right beside what is wrong, and look under other names whether it is stored."""
    guild = f"guilds/{story.server.seeded.guild_id}"
    paths = (ME, f"/members/{member}", f"/groups/{group}")
    for path in paths:
        story.ask("PATCH", path, {"description": "in part", "color": "red"})
        story.get(path)
    for path in paths[1:]:
        kind, uuid = path.split("/")[1], story.uuid(path)
        story.ask("PATCH", f"/{kind}/{uuid}", {"description": "by uuid"})
        story.get(path, f"/{kind}/{uuid}", f"/{kind}/{uuid}/{guild}")
    story.ask("PATCH", f"{paths[1]}/{guild}", {"no_such_key": 1})
