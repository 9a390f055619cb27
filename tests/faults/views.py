"""What each caller sees, while everything is public and while it is private."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tests.faults.recorder import IMAGE, ME, NOWHERE
from tests.faults.sample_entities import create_entities, create_groups

if TYPE_CHECKING:
    from tests.faults.recorder import Recorder

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


def _seen_by(who: str, recorder: Recorder) -> None:
    members, groups, switch = create_entities(recorder)
    member, group = f"/members/{members[0]}", f"/groups/{groups[0]}"
    objects = (
        member,
        group,
        f"{group}/members",
        f"{member}/groups",
        f"/members/{members[0].upper()}",
        f"/groups/{recorder.uuid(group)}/members",
        *(f"/members/{uuid}" for uuid in recorder.server.seeded.second.members),
    )
    systems = (recorder.server.seeded.first, recorder.server.seeded.second)
    paths = (*LISTS, f"/switches/{switch}")
    recorder.send("PATCH", ME, SYSTEM)
    for state in ("public", "private"):
        body = {"pronouns": "they", "privacy": {"pronoun_privacy": state}}
        recorder.send("PATCH", member, body)
        recorder.get(f"{group}/members", who=who)  # an open list that shows the member
        hide(recorder, state, {"system": ME, "member": member, "group": group})
        recorder.get(*objects, who=who)
        recorder.get(
            *(f"/systems/{row.short_id}{path}" for row in systems for path in paths), who=who
        )


seen_by_owner = partial(_seen_by, "owner")
seen_by_other = partial(_seen_by, "other")
seen_by_anonymous = partial(_seen_by, "")


def hide(recorder: Recorder, state: str, paths: dict[str, str]) -> None:
    """Make all keys of some entities private or public."""
    for kind, path in paths.items():
        keys = recorder.privacy_keys()[kind]
        recorder.send("PATCH", path, {"privacy": dict.fromkeys(keys, state)})


def systems_by_id_formats(recorder: Recorder) -> None:
    """Read the system by its UUID, its account and in upper case."""
    create_entities(recorder)
    system = recorder.server.seeded.first
    names = (system.uuid, system.accounts[0], system.short_id.upper())
    for who, state in (("owner", "private"), ("other", "private"), ("", "public")):
        hide(recorder, state, {"system": ME})
        recorder.get(*(f"/systems/{name}{path}" for name in names for path in LISTS), who=who)


def messages(recorder: Recorder) -> None:
    """Read messages by every id, as each caller."""
    seeded = recorder.server.seeded
    ids = (seeded.message_id, seeded.original_message_id, seeded.deleted_message_id, "1", 2**63)
    for who in ("owner", "other", ""):
        recorder.get(*(f"/messages/{message}" for message in ids), who=who)


def private_keys(recorder: Recorder) -> None:
    """Make one key of the system private at a time, and read it without a token."""
    create_entities(recorder)
    path = f"/systems/{recorder.server.seeded.first.short_id}"
    for key in recorder.privacy_keys()["system"]:
        recorder.send("PATCH", ME, {"privacy": {key: "private"}})
        recorder.get(*(path + rest for rest in LISTS), who="")
        recorder.send("PATCH", ME, {"privacy": {key: None}})


def privacy_of_entities(recorder: Recorder) -> None:
    """Make every key of a member and of a group private, then null in one PATCH."""
    members, groups, _ = create_entities(recorder)
    for kind, ref in (("member", members[0]), ("group", groups[0])):
        for level in ("private", None):
            privacy = dict.fromkeys(recorder.privacy_keys()[kind], level)
            recorder.send("PATCH", f"/{kind}s/{ref}", {"privacy": privacy})


def other_users(recorder: Recorder) -> None:
    """Make some fields private, and read the entities as another user."""
    members, groups, _ = create_entities(recorder)
    system = recorder.server.seeded.first
    hidden = {"name_privacy": "private", "description_privacy": "private"}
    recorder.send("PATCH", ME, {"name": "Named", "avatar_url": IMAGE, "privacy": hidden})
    hidden = {"description_privacy": "private", "icon_privacy": "private"}
    recorder.send("PATCH", f"/groups/{groups[0]}", {"privacy": hidden})
    recorder.send("PATCH", ME, {"privacy": {"member_list_privacy": "private"}})
    recorder.get(f"/systems/{system.accounts[0]}/members")
    recorder.get(
        f"/systems/{system.short_id}",
        f"/systems/{system.uuid}/settings",
        f"/systems/{system.short_id}/groups?with_members=true",
        f"/groups/{groups[0]}",
        f"/members/{members[0]}/groups",
        who="other",
    )


def unknown(recorder: Recorder) -> None:
    """Read unknown refs, and refs of another kind."""
    seeded = recorder.server.seeded
    discord_id, guild = int(seeded.first.accounts[0]), int(seeded.guild_id)
    for ref in (NOWHERE, "zzzzz", "none", "123456789012345678", "é"):
        kinds = ("systems", "members", "groups", "messages", "nothing")
        recorder.get(*(f"/{kind}/{ref}" for kind in kinds))
    recorder.get(
        f"/systems/{discord_id + 1}",
        f"/systems/{NOWHERE}/fronters",
        f"{ME}/guilds/{guild + 1}",
        f"/members/{recorder.uuid(f'/groups/{create_groups(recorder, 1)[0]}')}",
    )
    recorder.send("GET", ME, base="")
