"""What is rarely asked for: odd values, other spellings of ids, long lists, and switches that are moved and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.faults.telling import IMAGE, ME, NOWHERE

if TYPE_CHECKING:
    from tests.faults.telling import Story

BODIES: tuple[dict[str, Any], ...] = (
    {"privacy": {"visibility": "private", "name_privacy": "public"}},
    {"description": "tab\t hard\u00a0 mark\u200e wide \uff21 and the end\n"},
    {"description": "null"},
    {"description": "x\n" * 500},
    {"description": "é" * 1001},
    {"description": "x" * 1001, "privacy": {"description_privacy": "public"}},
    {"avatar_url": "https://images.example.com:8443/a.png#b"},
    {"birthday": "1900-02-29"},
    {"birthday": "0900-02-28"},
    {"privacy": {"birthday_privacy": "PRIVATE"}},
    {"privacy": {"birthday_privacy": "private", "name_privacy": "secret"}},
    {"proxy_tags": [{"prefix": "a"}, *({"prefix": "a", "suffix": text} for text in "bcde")]},
    {"proxy_tags": [{"prefix": side} for side in ("a", "text", "bb", "c", "d", "e")]},
    {"proxy_tags": [{"prefix": "a"}, {"prefix": "x" * 100}]},
    {"name": "Same", "display_name": "Same"},
    {"name": "Other"},
    {"keep_proxy": True, "tts": False},
    {"pronouns": "they", "created": "2999-01-01T00:00:00Z"},
    {"created": "2999-01-01T00:00:00Z"},
    {"name_privacy": "private"},
)
EVER = "before=2200-01-01T00:00:00Z"
UNKNOWN = "zzzzz"
TIMES = tuple(f"2100-01-01T00:{minute}:00Z" for minute in ("00", "10", "20", "30"))


def rarities(story: Story, members: list[str]) -> None:
    """Ask for what the other chapters leave out."""
    known = [ref for ref in members if ref != NOWHERE]
    one = story.made("/members", {"name": "One", "pronouns": "one"})
    two = story.made("/members", {"name": "Two"})
    story.ask("POST", "/groups", {"name": "Strange", "system": "zzzzzz"})
    many = story.made(
        "/groups",
        {
            "name": "Many",
            "description": "d",
            "icon": IMAGE,
            "privacy": {"description_privacy": "private", "icon_privacy": "private"},
        },
    )
    bodies(story, one)
    preferences(story, one, two)
    lists(story, many, [one, two, *known])
    spellings(story, one, many)
    unknown(story, many)
    strangers(story, one, many)
    # Of the first members, since the end of the story deletes some who front.
    current = moves(story, *sorted(known[:3]))
    closed_fronts(story, current)
    deletions(story)


def bodies(story: Story, member: str) -> None:
    """Give a member odd values, one body after the other."""
    for body in BODIES:
        story.ask("PATCH", f"/members/{member}", body)
        story.get(f"/members/{member}")


def preferences(story: Story, one: str, two: str) -> None:
    """Change settings in part and in vain, and look whether the others stay."""
    guild = f"guilds/{story.server.seeded.guild_id}"
    plain, system = f"{ME}/settings", f"{ME}/{guild}"
    own, other = f"/members/{one}/{guild}", f"/members/{two}/{guild}"
    changes: tuple[tuple[str, dict[str, Any]], ...] = (
        (plain, {"name_format": "{name}", "pings_enabled": True}),
        (plain, {"timezone": "America/Argentina/Buenos_Aires", "latch_timeout": 86_400}),
        (plain, {"pings_enabled": False, "timezone": "Nowhere"}),
        (ME, {"tag": " t ", "id": "abcdef"}),
        (system, {"tag": "é" * 79, "tag_enabled": True}),
        (system, {"tag": "t" * 80, "tag_enabled": False}),
        (system, {"autoproxy_mode": "off"}),
        (system, {"autoproxy_mode": "member"}),
        (f"{ME}/autoproxy?guild_id=7", {"autoproxy_mode": "member"}),
        (own, {"display_name": "own", "keep_proxy": True}),
        (own, {"avatar_url": "x", "keep_proxy": False}),
    )
    for path, body in changes:
        story.ask("PATCH", path, body)
        story.get(path, plain, other)


def lists(story: Story, group: str, members: list[str]) -> None:
    """Fill a group with more members than most, empty it, and name its members in every spelling."""
    path, uuid = f"/groups/{group}/members", story.uuid(f"/members/{members[2]}")
    steps: tuple[tuple[str, list[str]], ...] = (
        ("add", members),
        ("overwrite", []),
        ("overwrite", [members[0].upper(), dashed(members[1]), uuid.upper(), members[3]]),
        ("add", [members[0], members[4]]),
        ("add", [members[5], *story.foreign("members")]),
    )
    for step, refs in steps:
        story.ask("POST", f"{path}/{step}", refs)
        story.get(path, f"{ME}/groups?with_members=true", f"/members/{members[4]}/groups")
    story.ask("POST", f"/members/{members[5]}/groups/add", [group, *story.foreign("groups")])


def dashed(ref: str) -> str:
    """Return a short id with a dash in the middle."""
    return f"{ref[:3]}-{ref[3:]}"


def spellings(story: Story, member: str, group: str) -> None:
    """Look at things that are named with a dash, as their owner and as somebody else."""
    refs = {"members": member, "groups": group, "systems": story.server.seeded.first.short_id}
    for kind, ref in refs.items():
        for who in ("owner", "other"):
            story.get(f"/{kind}/{dashed(ref)}", f"/{kind}/{dashed(ref).upper()}", who=who)
    for path, ref in ((f"/members/{member}", "groups"), (f"/groups/{group}", "members")):
        kind, name = path[1:].split("/")
        names = (dashed(name), name.upper(), story.uuid(path))
        story.get(*(f"/{kind}/{spelled}/{ref}" for spelled in names))


def unknown(story: Story, group: str) -> None:
    """Look for what is almost there."""
    seeded = story.server.seeded
    account, guild = int(seeded.first.accounts[0]), int(seeded.guild_id)
    story.get(
        f"/systems/{account + 1}",
        f"/systems/{NOWHERE}/fronters",
        f"{ME}/guilds/{guild + 1}",
        f"/messages/{2**63}",
        f"/members/{story.uuid(f'/groups/{group}')}",
    )
    story.ask("GET", ME, base="")


def strangers(story: Story, member: str, group: str) -> None:
    """Hide some fields of the system, and look at it, its settings and groups as somebody else."""
    system = story.server.seeded.first
    hidden = {"name_privacy": "private", "description_privacy": "private"}
    story.ask("PATCH", ME, {"name": "Named", "avatar_url": IMAGE, "privacy": hidden})
    story.get(
        f"/systems/{system.short_id}",
        f"/systems/{system.uuid}/settings",
        f"/systems/{system.short_id}/groups?with_members=true",
        f"/groups/{group}",
        f"/members/{member}/groups",
        who="other",
    )


def moves(story: Story, one: str, two: str, three: str) -> str:
    """Log switches in the time to come, where none are in the way; move, change and delete them, and return the current one.

    The members are in the order of their ids, so that another order can be told from it.
    """
    path = f"{ME}/switches"
    first, second = (
        f"{path}/{story.made(path, {'members': names, 'timestamp': time})}"
        for names, time in (([one], TIMES[0]), ([two, three], TIMES[1]))
    )
    story.ask("PATCH", f"/members/{two}", {"name": "Renamed"})
    look(story, second)
    story.ask("PATCH", second, {"timestamp": "1999-01-01T00:00:00Z"})
    look(story, second)
    third = f"{path}/{story.made(path, {'members': [three], 'timestamp': TIMES[1]})}"
    writes: tuple[tuple[str, str, object], ...] = (
        ("POST", path, {"members": [story.uuid(f"/members/{three}")], "timestamp": TIMES[2]}),
        ("POST", path, {"members": [story.uuid(f"/members/{one}"), two]}),
        ("POST", path, {"members": [one, two, one]}),
        ("POST", path, {"members": [one, UNKNOWN]}),
        ("PATCH", f"{third}/members", [three, one]),
        ("PATCH", f"{third}/members", [two, UNKNOWN]),
        ("PATCH", f"{third}/members", b"null"),
        ("PATCH", f"{path}/{NOWHERE}/members", [one]),
        ("PATCH", third, {"timestamp": None}),
        ("DELETE", first, None),
        ("POST", path, {"members": [one], "timestamp": TIMES[0]}),
        ("DELETE", third, None),
    )
    for method, where, body in writes:
        story.ask(method, where, body)
        look(story, third)
    story.get(f"{path}?limit=100", f"{path}?before={TIMES[0]}")
    return story.made(path, {"members": [three, one], "timestamp": TIMES[3]})


def look(story: Story, switch: str) -> None:
    """Look at a switch, at the newest ones and at the fronters."""
    story.get(switch, f"{ME}/fronters", f"{ME}/switches?limit=4&{EVER}")


def closed_fronts(story: Story, switch: str) -> None:
    """Close the history and the fronters in turn, and look at the current switch as somebody else."""
    path = f"/systems/{story.server.seeded.first.short_id}/switches"
    for key in ("front_history_privacy", "front_privacy"):
        story.ask("PATCH", ME, {"privacy": {key: "private"}})
        story.get(f"{path}/{switch}", f"{path}?{EVER}", who="other")
        story.ask("PATCH", ME, {"privacy": {key: None}})


def deletions(story: Story) -> None:
    """Delete things by UUID and in upper case, and look for them by all their names."""
    for kind in ("/members", "/groups"):
        for by_uuid in (True, False):
            ref = story.made(kind, {"name": "Short-lived"})
            uuid = story.uuid(f"{kind}/{ref}")
            story.ask("DELETE", f"{kind}/{uuid if by_uuid else ref.upper()}")
            story.get(f"{kind}/{ref}", f"{kind}/{uuid}")
