"""What each caller sees, while everything is public and while it is private."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tests.faults.cast import cast, some_groups
from tests.faults.telling import IMAGE, ME, NOWHERE

if TYPE_CHECKING:
    from tests.faults.telling import Story

LISTS = (
    "",
    "/members",
    "/groups",
    "/groups?with_members=true",
    "/switches",
    "/switches?limit=3",
    "/fronters",
)
SYSTEM = {
    "name": "First",
    "description": "d",
    "pronouns": "they",
    "tag": "t",
    "color": "ff00ff",
    "avatar_url": IMAGE,
    "banner": IMAGE,
}


def _seen_by(who: str, story: Story) -> None:
    members, groups, switch = cast(story)
    member, group = f"/members/{members[0]}", f"/groups/{groups[0]}"
    objects = (
        member,
        group,
        f"{group}/members",
        f"{member}/groups",
        f"/members/{members[0].upper()}",
        f"/groups/{story.uuid(group)}/members",
        *(f"/members/{uuid}" for uuid in story.server.seeded.second.members),
    )
    systems = (story.server.seeded.first, story.server.seeded.second)
    paths = (*LISTS, f"/switches/{switch}")
    story.ask("PATCH", ME, SYSTEM)
    for state in ("public", "private"):
        hide(story, state, {"system": ME, "member": member, "group": group})
        story.get(*objects, who=who)
        story.get(*(f"/systems/{row.short_id}{path}" for row in systems for path in paths), who=who)


seen_by_owner = partial(_seen_by, "owner")
seen_by_other = partial(_seen_by, "other")
seen_by_nobody = partial(_seen_by, "")


def hide(story: Story, state: str, paths: dict[str, str]) -> None:
    """Make all of a few things private or public."""
    for kind, path in paths.items():
        keys = story.privacy_keys()[kind]
        story.ask("PATCH", path, {"privacy": dict.fromkeys(keys, state)})


def systems_by_other_names(story: Story) -> None:
    """Look at the system by its UUID, its account and in upper case."""
    cast(story)
    system = story.server.seeded.first
    names = (system.uuid, system.accounts[0], system.short_id.upper())
    for who, state in (("owner", "private"), ("other", "private"), ("", "public")):
        hide(story, state, {"system": ME})
        story.get(*(f"/systems/{name}{path}" for name in names for path in LISTS), who=who)


def messages(story: Story) -> None:
    """Look up messages by every id, as each caller."""
    seeded = story.server.seeded
    ids = (seeded.message_id, seeded.original_message_id, seeded.deleted_message_id, "1", 2**63)
    for who in ("owner", "other", ""):
        story.get(*(f"/messages/{message}" for message in ids), who=who)


def private_keys(story: Story) -> None:
    """Hide one thing of the system at a time, and look at it as nobody."""
    cast(story)
    path = f"/systems/{story.server.seeded.first.short_id}"
    for key in story.privacy_keys()["system"]:
        story.ask("PATCH", ME, {"privacy": {key: "private"}})
        story.get(*(path + rest for rest in LISTS), who="")
        story.ask("PATCH", ME, {"privacy": {key: None}})


def other_users(story: Story) -> None:
    """Hide some fields, and look at what has them as somebody else."""
    members, groups, _ = cast(story)
    system = story.server.seeded.first
    hidden = {"name_privacy": "private", "description_privacy": "private"}
    story.ask("PATCH", ME, {"name": "Named", "avatar_url": IMAGE, "privacy": hidden})
    hidden = {"description_privacy": "private", "icon_privacy": "private"}
    story.ask("PATCH", f"/groups/{groups[0]}", {"privacy": hidden})
    story.get(
        f"/systems/{system.short_id}",
        f"/systems/{system.uuid}/settings",
        f"/systems/{system.short_id}/groups?with_members=true",
        f"/groups/{groups[0]}",
        f"/members/{members[0]}/groups",
        who="other",
    )


def unknown(story: Story) -> None:
    """Look for what is not there, or almost."""
    seeded = story.server.seeded
    discord_id, guild = int(seeded.first.accounts[0]), int(seeded.guild_id)
    for ref in (NOWHERE, "zzzzz", "none", "123456789012345678", "é"):
        kinds = ("systems", "members", "groups", "messages", "nothing")
        story.get(*(f"/{kind}/{ref}" for kind in kinds))
    story.get(
        f"/systems/{discord_id + 1}",
        f"/systems/{NOWHERE}/fronters",
        f"{ME}/guilds/{guild + 1}",
        f"/members/{story.uuid(f'/groups/{some_groups(story, 1)[0]}')}",
    )
    story.ask("GET", ME, base="")
