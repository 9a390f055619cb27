"""Settings: of the system, of the system and of members in a guild, and of autoproxy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.faults.cast import some_members
from tests.faults.telling import IMAGE, ME, NOWHERE, TEXT

if TYPE_CHECKING:
    from conformance.reference.models import Kind
    from tests.faults.telling import Story

SETTINGS = f"{ME}/settings"
VALUES = (False, True, 0, "x" * 300, None)


def settings(story: Story) -> None:
    """Read and change the settings of the system."""
    for body in (
        {"timezone": "Europe/Berlin", "pings_enabled": False},
        {"latch_timeout": 60, "member_limit": 1, "group_limit": 1},
        {"latch_timeout": None, "show_private_info": False},
        {"show_private_info": True, "timezone": "Nowhere/None"},
        {"member_default_private": True},
        {"description_templates": ["a", "b"], "proxy_error_message_enabled": True},
        {"name_format": "{name}", "pings_enabled": True},
        {"timezone": "America/Argentina/Buenos_Aires", "latch_timeout": 86_400},
        {"pings_enabled": False, "timezone": "Nowhere"},
    ):
        change(story, SETTINGS, body)
    story.ask("PATCH", ME, {"tag": "x"})
    member = story.made("/members", {"name": "Private by default"})
    story.get(SETTINGS, f"/members/{member}")
    story.get(SETTINGS, f"/systems/{story.server.seeded.first.uuid}/settings", who="other")


def each_setting(story: Story) -> None:
    """Give each of the settings of the system values of each type."""
    each(story, SETTINGS, story.server.store.models.settings)


def change(story: Story, path: str, body: dict[str, Any]) -> None:
    """Change something, and look at it."""
    story.ask("PATCH", path, body)
    story.get(path)


def each(story: Story, path: str, kind: Kind) -> None:
    """Give each key of a model values of each type."""
    story.get(path)
    for field in kind.fields:
        for value in VALUES:
            change(story, path, {field.key: value})


def guilds(story: Story) -> None:
    """Read and change the settings of the system and of members in the guild, and in others."""
    guild = story.server.seeded.guild_id
    members = some_members(story, 2)
    system, own, other = (
        f"{path}/guilds/{guild}" for path in (ME, *(f"/members/{ref}" for ref in members[:2]))
    )
    changes: tuple[tuple[str, dict[str, Any]], ...] = (
        (system, {"proxying_enabled": False, "tag": TEXT, "tag_enabled": False}),
        (system, {"avatar_url": IMAGE, "display_name": "0", "tag": None}),
        (system, {"tag": "é" * 79, "tag_enabled": True}),
        (system, {"tag": "t" * 80, "tag_enabled": False}),
        (system, {"autoproxy_mode": "off"}),
        (system, {"autoproxy_mode": "member"}),
        (own, {"display_name": TEXT, "avatar_url": IMAGE, "keep_proxy": True}),
        (own, {"display_name": None, "keep_proxy": None}),
        (own, {"display_name": "own", "keep_proxy": True}),
        (own, {"avatar_url": "x", "keep_proxy": False}),
    )
    story.get(system, own, other)
    for path, body in changes:
        change(story, path, body)
        story.get(other)
    story.get(ME, f"/members/{members[0]}")
    for path in (system, own):
        story.get(path.replace(guild, "1"), path.replace(guild, "none"))
        story.ask("PATCH", path.replace(guild, "1"), {"display_name": "x"})


def each_guild_setting(story: Story) -> None:
    """Give each setting in the guild values of each type."""
    guild, models = story.server.seeded.guild_id, story.server.store.models
    each(story, f"{ME}/guilds/{guild}", models.system_guild)
    member = story.made("/members", {"name": "Ada"})
    each(story, f"/members/{member}/guilds/{guild}", models.member_guild)


def autoproxy(story: Story) -> None:
    """Read and change the settings of autoproxy."""
    guild, member = story.server.seeded.guild_id, some_members(story, 1)[0]
    everywhere = f"{ME}/autoproxy"
    here = f"{everywhere}?guild_id={guild}"
    changes: tuple[tuple[str, dict[str, Any]], ...] = (
        (here, {"autoproxy_mode": "front"}),
        (here, {"autoproxy_mode": "member", "autoproxy_member": member}),
        (here, {"autoproxy_member": story.uuid(f"/members/{member}")}),
        (here, {"autoproxy_mode": "front", "autoproxy_member": member}),
        (here, {"autoproxy_mode": "latch", "last_latch_timestamp": "2020-01-01T00:00:00Z"}),
        (here, {"autoproxy_mode": "member", "autoproxy_member": NOWHERE}),
        (here, {"autoproxy_mode": "nonsense"}),
        (everywhere, {"autoproxy_mode": "off"}),
        (f"{everywhere}?guild_id=1", {"autoproxy_mode": "off"}),
        (f"{everywhere}?guild_id=7", {"autoproxy_mode": "member"}),
        (f"{here}&channel_id=1", {"autoproxy_mode": "off"}),
    )
    for path, body in changes:
        story.get(path)
        change(story, path, body)


def foreign_settings(story: Story) -> None:
    """Look at all settings as somebody else."""
    guild, member = story.server.seeded.guild_id, some_members(story, 1)[0]
    for who in ("other", ""):
        story.get(
            SETTINGS,
            f"{ME}/guilds/{guild}",
            f"/members/{member}/guilds/{guild}",
            f"{ME}/autoproxy?guild_id={guild}",
            f"/systems/{story.server.seeded.first.short_id}/settings",
            who=who,
        )
