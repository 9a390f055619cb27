"""An afternoon of two clients with the API: requests of every kind, one after the other.

Bursts and what happens at once are not part of it; what is refused for its form is in `refused`.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from tests.faults.rare import rarities
from tests.faults.refused import refusals
from tests.faults.telling import IMAGE, ME, NOWHERE, TEXT, Story, Unlike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.reference.application import Server
    from tests.faults.telling import Answer


def tell(server: Server, known: Sequence[Answer] = ()) -> list[Answer]:
    """Ask everything, or up to the first answer that is not the known one, and return the answers."""
    story = Story(server, known)
    with contextlib.closing(story.loop), contextlib.suppress(Unlike):
        systems(story)
        members_ = members(story)
        groups_ = groups(story, members_)
        switches(story, members_)
        settings(story, members_[0])
        refusals(story, members_[0], groups_[0])
        views(story, members_, groups_)
        rarities(story, members_)
        end(story, members_, groups_)
    return story.answers


def systems(story: Story) -> None:
    """Change the system, and look at it by all its names."""
    system = story.server.seeded.first
    names = (system.short_id, system.short_id.upper(), system.uuid, system.accounts[0])
    story.get(*(f"/systems/{name}" for name in names), ME)
    story.ask("PATCH", ME, {"privacy": {"front_privacy": "private"}})
    story.get(f"/systems/{names[0]}/fronters", who="")
    story.ask("PATCH", ME, {"privacy": {"front_privacy": None}})
    for body in (
        {"name": TEXT, "description": TEXT, "tag": "0", "pronouns": "x" * 100},
        {"color": "a0B1c2", "avatar_url": IMAGE, "banner": IMAGE},
        {"description": None, "tag": "", "created": "2020-01-01T00:00:00Z", "uuid": NOWHERE},
        {"privacy": {"pronoun_privacy": "private", "name_privacy": "private"}},
        {"privacy": {"name_privacy": None}, "unknown": 1},
    ):
        story.ask("PATCH", ME, body)
        story.get(ME)
    for name in names:
        story.ask("PATCH", f"/systems/{name}", {"tag": name[-3:]})
        story.ask("PATCH", f"/systems/{name}/settings", {"timezone": "Asia/Tokyo"})
        story.get(ME, f"/systems/{name}/settings")


def members(story: Story) -> list[str]:
    """Create members, change one of them key by key, and look at them."""
    bodies: list[dict[str, Any]] = [
        {"name": "Ada"},
        {"name": TEXT, "display_name": "0", "birthday": "0004-02-29", "tts": True},
        {"name": "Cas", "description": "x" * 1000, "color": "0fab00", "banner": IMAGE},
        {"name": "Dot", "pronouns": None, "privacy": {"visibility": "private"}},
        {"name": "Eve", "proxy_tags": [{"prefix": " e:", "suffix": None}], "privacy": None},
        {"name": None},
        {"display_name": "without name"},
        {"name": "Fay", "display_name": None, "id": "abcde", "uuid": NOWHERE, "created": None},
        {"name": "Gus", "proxy_tags": [{"prefix": "É", "suffix": "  a  b\n\nc "}]},
    ]
    bodies += [{"name": "Extra"}] * 9
    members = [story.made("/members", body) for body in bodies]
    path = f"/members/{members[0]}"
    changes: list[dict[str, Any]] = [
        {"display_name": TEXT, "pronouns": "they", "description": TEXT},
        {"birthday": "1969-12-31", "avatar_url": IMAGE, "webhook_avatar_url": IMAGE},
        {"banner": IMAGE, "color": "ABCDEF", "keep_proxy": True, "tts": True},
        {"proxy_tags": [{"prefix": "a", "suffix": "b"}, {"prefix": None, "suffix": "0"}]},
        {"color": None, "birthday": None, "avatar_url": "", "description": None},
        {"id": "abcde", "uuid": NOWHERE, "message_count": 7, "created": None, "tts": False},
        {"privacy": {"visibility": "private", "birthday_privacy": "private"}},
        {"privacy": {"visibility": None}, "keep_proxy": False, "system": "abcde"},
        {"proxy_tags": []},
        {"birthday": "2004-02-29", "avatar_url": IMAGE, "color": "000000"},
    ]
    for body in changes:
        story.ask("PATCH", path, body)
        story.get(path, f"{ME}/members")
    uuid = story.uuid(path)
    story.ask("PATCH", f"/members/{members[0][:2]}-{members[0][2:]}", {"pronouns": "by dashes"})
    story.ask("PATCH", f"/members/{uuid}", {"pronouns": "by uuid"})
    story.ask("PATCH", f"/members/{uuid.upper()}", {"pronouns": "BY UUID"})
    story.ask("PATCH", f"/members/{members[0].upper()}", {"display_name": "upper"})
    return members


def groups(story: Story, members: list[str]) -> list[str]:
    """Create groups, change one, and move members in and out from both sides."""
    bodies: list[dict[str, Any]] = [
        {"name": "One"},
        {"name": TEXT, "display_name": "0", "icon": IMAGE, "banner": IMAGE, "color": "ff00Ff"},
        {"name": "Hidden", "description": "x", "privacy": {"visibility": "private"}},
        {"name": "Named", "id": "abcde", "uuid": NOWHERE, "created": "2020-01-01T00:00:00Z"},
    ]
    bodies += [{"name": "More"}] * 6
    groups = [story.made("/groups", body) for body in bodies]
    path = f"/groups/{groups[0]}"
    for body in (
        {"display_name": TEXT, "description": TEXT, "icon": IMAGE, "color": "123abc"},
        {"display_name": None, "icon": None, "description": "", "id": "abcde"},
        {"privacy": {"icon_privacy": "private", "name_privacy": "private"}},
        {"privacy": {"icon_privacy": None}, "uuid": NOWHERE, "created": None},
        {"icon": IMAGE, "banner": IMAGE, "description": "d", "display_name": "D"},
    ):
        story.ask("PATCH", path, body)
        story.get(path, f"{ME}/groups")
    uuid, member = story.uuid(path), f"/members/{members[0]}"
    for step in ("add", "add", "overwrite", "remove"):
        story.ask("POST", f"{path}/members/{step}", members[:2])
        story.ask("POST", f"{member}/groups/{step}", [groups[1], uuid])
        story.get(f"{path}/members", f"{member}/groups", f"{ME}/groups?with_members=true")
    story.ask("POST", f"/groups/{uuid}/members/overwrite", [])
    story.ask("POST", f"{path}/members/add", [story.uuid(member), members[3].upper()])
    story.ask(
        "POST",
        f"{path}/members/overwrite",
        [uuid_of_second := story.uuid(f"/members/{members[1]}")],
    )
    story.get(f"{path}/members")
    story.ask(
        "POST",
        f"{path.upper().replace('/GROUPS', '/groups')}/members/add",
        [uuid_of_second.upper()],
    )
    story.ask("POST", f"{path}/members/add", [uuid_of_second.replace("-", "")])
    story.ask("POST", f"{path}/members/add", [members[2], members[4]])
    story.ask("POST", f"{path}/members/remove", [members[2]])
    story.get(f"{path}/members", f"{ME}/groups?with_members=false")
    story.ask("POST", f"{path}/members/add", members)
    story.ask("POST", f"{member}/groups/overwrite", groups)
    story.get(f"{path}/members", f"{member}/groups", f"/groups/{groups[2]}/members")
    return groups


def switches(story: Story, members: list[str]) -> None:
    """Log switches in and out of order, page through them, move, change and delete some."""
    path = f"{ME}/switches"
    story.get(f"{ME}/fronters", path)
    times = ("2024-03-01T10:00:00.5Z", "2024-01-01T00:00:00+02:00", "2024-03-01T10:00:00Z")
    lists: list[list[str]] = [members[:2], [members[2]], [members[0].upper()], [], members[:3]]
    lists.append(members[3:4])
    logged = [
        story.made(path, {"members": names, "timestamp": time})
        for names, time in zip(lists, times, strict=False)
    ]
    logged += [story.made(path, {"members": names}) for names in lists[3:]]
    first = f"{path}/{logged[0]}"
    story.get(first, f"{ME}/fronters", path, f"{path}?limit=2", f"{path}?limit=0")
    story.get(f"{path}?before=2024-03-01T10:00:00Z", f"{path}?before=2024-03-01T12:00:00%2B02:00")
    story.ask("PATCH", first, {"timestamp": "2024-03-02T10:00:00Z"})
    story.ask("PATCH", f"{first}/members", [members[2], members[1]])
    story.ask("PATCH", f"{first.upper().replace('/SYSTEMS/@ME/SWITCHES', path)}/members", [])
    story.get(first, path)
    for body in (
        {"members": members[3:4]},
        {"members": [members[0], members[0]]},
        {"members": [NOWHERE]},
        {"members": [], "timestamp": "2024-01-01T00:00:00+02:00"},
        {"members": [], "timestamp": "yesterday"},
        {"members": story.foreign("members")},
        {},
    ):
        story.ask("POST", path, body)
    story.ask("PATCH", first, {"timestamp": "2024-03-01T10:00:00Z"})
    story.ask("PATCH", first, {})
    for names in ([members[0]] * 2, [NOWHERE], story.foreign("members"), members[2:0:-1]):
        story.ask("PATCH", f"{first}/members", names)
    story.get(f"{path}/{NOWHERE}", f"{path}/none", first)
    story.ask("DELETE", f"{path}/{logged[-1]}")
    story.get(f"{ME}/fronters", path, f"{path}/{logged[-1]}")
    other = f"/systems/{story.server.seeded.second.short_id}/switches"
    foreign = story.server.seeded.second.switches[-1].uuid
    story.get(f"{path}/{foreign}", f"{other}/{logged[0]}", f"{other}?limit=101")
    story.get(f"{other}?limit=2&before=2030-01-01T00:00:00Z", f"{other}/{foreign}", other)
    for where in (path, other):
        story.ask("PATCH", f"{where}/{foreign}", {"timestamp": times[0]})
        story.ask("PATCH", f"{where}/{foreign}/members", [])
        story.ask("DELETE", f"{where}/{foreign}")
    story.ask("POST", other, {"members": []})


def settings(story: Story, member: str) -> None:
    """Read and change all settings."""
    guild = story.server.seeded.guild_id
    system, own = f"{ME}/guilds/{guild}", f"/members/{member}/guilds/{guild}"
    auto = f"{ME}/autoproxy?guild_id={guild}"
    everywhere = f"{ME}/autoproxy"
    changes: list[tuple[str, dict[str, Any]]] = [
        (f"{ME}/settings", {"timezone": "Europe/Berlin", "pings_enabled": False}),
        (f"{ME}/settings", {"latch_timeout": 60, "member_limit": 1, "group_limit": 1}),
        (f"{ME}/settings", {"latch_timeout": None, "show_private_info": False}),
        (f"{ME}/settings", {"member_default_private": True, "timezone": "Nowhere/None"}),
        (
            f"{ME}/settings",
            {"description_templates": ["a", "b"], "proxy_error_message_enabled": True},
        ),
        (system, {"proxying_enabled": False, "tag": TEXT, "tag_enabled": False}),
        (system, {"avatar_url": IMAGE, "display_name": "0", "tag": None}),
        (own, {"display_name": TEXT, "avatar_url": IMAGE, "keep_proxy": True}),
        (own, {"display_name": None, "keep_proxy": None}),
        (auto, {"autoproxy_mode": "front"}),
        (auto, {"autoproxy_mode": "member", "autoproxy_member": member}),
        (auto, {"autoproxy_member": story.uuid(f"/members/{member}")}),
        (auto, {"autoproxy_mode": "front", "autoproxy_member": member}),
        (auto, {"autoproxy_mode": "latch", "last_latch_timestamp": "2020-01-01T00:00:00Z"}),
        (auto, {"autoproxy_mode": "member", "autoproxy_member": NOWHERE}),
        (auto, {"autoproxy_mode": "nonsense"}),
        (everywhere, {"autoproxy_mode": "off"}),
        (auto.replace(guild, "1"), {"autoproxy_mode": "off"}),
        (f"{auto}&channel_id=1", {"autoproxy_mode": "off"}),
    ]
    models = story.server.store.models
    for path, kind in (
        (f"{ME}/settings", models.settings),
        (system, models.system_guild),
        (own, models.member_guild),
    ):
        for field in kind.fields:
            changes += [(path, {field.key: value}) for value in (False, True, 0, "x" * 300, None)]
    for path, body in changes:
        story.get(path)
        story.ask("PATCH", path, body)
        story.get(path)
    for path in (system, own):
        story.get(path.replace(guild, "1"), path.replace(guild, "none"))
        story.ask("PATCH", path.replace(guild, "1"), {"display_name": "x"})
    for who in ("other", ""):
        story.get(f"{ME}/settings", system, own, auto, who=who)
        story.get(f"/systems/{story.server.seeded.first.short_id}/settings", who=who)


def views(story: Story, members: list[str], groups: list[str]) -> None:
    """Look at everything as each caller, while it is public and while it is private."""
    first, second = story.server.seeded.first, story.server.seeded.second
    systems = [
        f"/systems/{name}"
        for name in (
            first.short_id,
            first.uuid,
            first.accounts[0],
            first.short_id.upper(),
            second.short_id,
        )
    ]
    switch = story.made(
        f"{ME}/switches", {"members": members[:2], "timestamp": "2024-05-05T05:05:05Z"}
    )
    of_second = [f"/members/{uuid}" for uuid in second.members]
    messages = (
        story.server.seeded.message_id,
        story.server.seeded.original_message_id,
        story.server.seeded.deleted_message_id,
        "1",
    )
    lists = (
        "",
        "/members",
        "/groups",
        "/groups?with_members=true",
        "/switches",
        "/switches?limit=3",
        "/fronters",
        f"/switches/{switch}",
    )
    objects = [
        f"/members/{members[0]}",
        f"/groups/{groups[0]}",
        f"/groups/{groups[0]}/members",
        f"/members/{members[0]}/groups",
        f"/members/{members[0].upper()}",
        f"/groups/{story.uuid(f'/groups/{groups[0]}')}/members",
    ]
    for state in ("public", "private"):
        for kind, keys in story.privacy_keys().items():
            path = {"system": ME, "member": objects[0], "group": objects[1]}[kind]
            story.ask("PATCH", path, {"privacy": dict.fromkeys(keys, state)})
        for who in ("owner", "other", ""):
            story.get(*(system + path for system in systems for path in lists), who=who)
            story.get(*objects, *of_second, who=who)
            story.get(*(f"/messages/{message}" for message in messages), who=who)
    for key in story.privacy_keys()["system"]:
        story.ask("PATCH", ME, {"privacy": {key: "private"}})
        story.get(*(systems[0] + path for path in lists[:-2]), f"{systems[0]}/fronters", who="")
        story.ask("PATCH", ME, {"privacy": {key: None}})
    for ref in (NOWHERE, "zzzzz", "none", "123456789012345678", "é"):
        story.get(
            f"/systems/{ref}",
            f"/members/{ref}",
            f"/groups/{ref}",
            f"/messages/{ref}",
            f"/nothing/{ref}",
        )


def end(story: Story, members: list[str], groups: list[str]) -> None:
    """Delete what is there, and look what is left."""
    for path in (
        *(f"/groups/{ref}" for ref in groups[:2]),
        *(f"/members/{ref}" for ref in members[:2]),
    ):
        story.ask("DELETE", path)
        story.get(
            path,
            f"{ME}/groups?with_members=true",
            f"/groups/{groups[3]}/members",
            f"/members/{members[4]}/groups",
        )
        story.ask("PATCH", path, {"name": "x"})
        story.ask("DELETE", path)
    story.get(f"{ME}/members", f"{ME}/groups?with_members=true", f"{ME}/switches", f"{ME}/fronters")
    story.get(f"/members/{members[2]}/groups", f"/groups/{groups[2]}/members")
