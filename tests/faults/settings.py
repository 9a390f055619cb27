"""Settings: of the system, of the system and of members in a guild, and of autoproxy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.faults.recorder import IMAGE, ME, NOWHERE, TEXT
from tests.faults.sample_entities import create_members

if TYPE_CHECKING:
    from conformance.reference.models import Kind
    from tests.faults.recorder import Recorder

SETTINGS = f"{ME}/settings"
VALUES = (False, True, 0, "x" * 300, " x ", None)


def settings(recorder: Recorder) -> None:
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
        change(recorder, SETTINGS, body)
    recorder.send("PATCH", ME, {"tag": "x"})
    recorder.send("PATCH", SETTINGS, {})
    hidden = {"description_privacy": "private"}
    recorder.create("/members", {"name": "Partly private", "privacy": hidden})
    member = recorder.create("/members", {"name": "Private by default"})
    recorder.get(SETTINGS, f"/members/{member}")
    recorder.get(SETTINGS, f"/systems/{recorder.server.seeded.first.uuid}/settings", who="other")


def each_setting(recorder: Recorder) -> None:
    """Set each setting of the system to values of each type."""
    each(recorder, SETTINGS, recorder.server.store.models.settings)


def change(recorder: Recorder, path: str, body: dict[str, Any]) -> None:
    """Change something, and read it."""
    recorder.send("PATCH", path, body)
    recorder.get(path)


def each(recorder: Recorder, path: str, kind: Kind) -> None:
    """Set each key of a model to values of each type."""
    recorder.get(path)
    for field in kind.fields:
        for value in VALUES:
            change(recorder, path, {field.key: value})


def guilds(recorder: Recorder) -> None:
    """Read and change the settings of the system and of members in the guild, and in others."""
    guild = recorder.server.seeded.guild_id
    members = create_members(recorder, 2)
    system, own, other = (
        f"{path}/guilds/{guild}" for path in (ME, *(f"/members/{ref}" for ref in members[:2]))
    )
    changes: tuple[tuple[str, dict[str, Any]], ...] = (
        (system, {"proxying_enabled": False, "tag": TEXT, "tag_enabled": False}),
        (system, {"avatar_url": IMAGE, "display_name": "0", "tag": None}),
        (system, {"tag": "é" * 79, "tag_enabled": True}),
        (system, {"tag": "t" * 80, "tag_enabled": False}),
        (system, {}),
        (system, {"autoproxy_mode": "off"}),
        (system, {"autoproxy_mode": "member"}),
        (system, {"autoproxy_mode": "member", "autoproxy_member": None}),
        (system, {"autoproxy_mode": "member", "autoproxy_member": members[0]}),
        (system, {"autoproxy_mode": "member"}),
        (own, {"display_name": TEXT, "avatar_url": IMAGE, "keep_proxy": True}),
        (own, {"display_name": None, "keep_proxy": None}),
        (own, {"display_name": "own", "keep_proxy": True}),
        (own, {"avatar_url": "x", "keep_proxy": False}),
    )
    recorder.get(system, own, other)
    for path, body in changes:
        change(recorder, path, body)
        recorder.get(other)
    recorder.get(ME, f"/members/{members[0]}")
    recorder.send("PATCH", ME, {"tag": "everywhere"})
    recorder.send("PATCH", f"/members/{members[0]}", {"display_name": "everywhere"})
    recorder.get(system, own)
    for path in (system, own):
        recorder.get(path.replace(guild, "1"), path.replace(guild, "none"))
        recorder.send("PATCH", path.replace(guild, "1"), {"display_name": "x"})


def each_guild_setting(recorder: Recorder) -> None:
    """Set each setting in the guild to values of each type."""
    guild, models = recorder.server.seeded.guild_id, recorder.server.store.models
    each(recorder, f"{ME}/guilds/{guild}", models.system_guild)
    member = recorder.create("/members", {"name": "Ada"})
    each(recorder, f"/members/{member}/guilds/{guild}", models.member_guild)


def autoproxy(recorder: Recorder) -> None:
    """Read and change the settings of autoproxy."""
    guild, (member, second) = recorder.server.seeded.guild_id, create_members(recorder, 2)
    everywhere = f"{ME}/autoproxy"
    here = f"{everywhere}?guild_id={guild}"
    changes: tuple[tuple[str, dict[str, Any]], ...] = (
        (here, {}),
        (here, {"autoproxy_mode": "front"}),
        (here, {"autoproxy_mode": "member", "autoproxy_member": None}),
        (here, {"autoproxy_mode": "member", "autoproxy_member": member}),
        (here, {"autoproxy_mode": "member"}),
        (here, {"autoproxy_member": recorder.uuid(f"/members/{member}")}),
        (here, {"autoproxy_mode": "front", "autoproxy_member": member}),
        (here, {"autoproxy_mode": "latch", "last_latch_timestamp": "2020-01-01T00:00:00Z"}),
        (here, {"autoproxy_mode": "member", "autoproxy_member": NOWHERE}),
        (here, {"autoproxy_mode": "nonsense"}),
        (everywhere, {"autoproxy_mode": "off"}),
        (f"{everywhere}?guild_id=1", {"autoproxy_mode": "off"}),
        (f"{everywhere}?guild_id=7", {"autoproxy_mode": "member"}),
        (f"{here}&channel_id=1", {"autoproxy_mode": "off"}),
        (here, {"autoproxy_mode": "front"}),
        (here, {"autoproxy_member": member}),
        (here, {"autoproxy_mode": "front", "autoproxy_member": None}),
        (here, {"autoproxy_mode": "latch"}),
        (here, {"autoproxy_member": None}),
        (here, {"autoproxy_mode": "member", "autoproxy_member": second}),
    )
    for path, body in changes:
        recorder.get(path)
        change(recorder, path, body)
    recorder.send("DELETE", f"/members/{second}")
    recorder.get(here)


def foreign_settings(recorder: Recorder) -> None:
    """Read all settings as other users."""
    guild, member = recorder.server.seeded.guild_id, create_members(recorder, 1)[0]
    for who in ("other", ""):
        recorder.get(
            SETTINGS,
            f"{ME}/guilds/{guild}",
            f"/members/{member}/guilds/{guild}",
            f"{ME}/autoproxy?guild_id={guild}",
            f"/systems/{recorder.server.seeded.first.short_id}/settings",
            who=who,
        )


def settings_alone(recorder: Recorder) -> None:
    """Set all settings, then take each of them away alone, and set it again alone before the next."""
    guild = recorder.server.seeded.guild_id
    member = recorder.create("/members", {"name": "Ada"})
    every: tuple[tuple[str, dict[str, Any]], ...] = (
        (
            SETTINGS,
            {
                "latch_timeout": 60,
                "pings_enabled": True,
                "member_default_private": True,
                "group_default_private": True,
                "case_sensitive_proxy_tags": True,
                "proxy_error_message_enabled": True,
                "hid_display_caps": True,
                "hid_display_split": True,
            },
        ),
        (
            f"{ME}/guilds/{guild}",
            {"proxying_enabled": True, "tag": "t", "tag_enabled": True, "avatar_url": IMAGE},
        ),
        (
            f"/members/{member}/guilds/{guild}",
            {"avatar_url": IMAGE, "display_name": "d", "keep_proxy": True},
        ),
    )
    for path, values in every:
        change(recorder, path, values)
        for key, value in values.items():
            recorder.send("PATCH", path, {key: False if value is True else None})
            recorder.send("PATCH", path, {key: value})
