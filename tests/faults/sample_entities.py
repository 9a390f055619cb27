"""The members, groups and the switch of the first system that several series of requests create first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tests.faults.recorder import IMAGE, ME, TEXT

if TYPE_CHECKING:
    from tests.faults.recorder import Recorder

MEMBERS: tuple[dict[str, Any], ...] = (
    {
        "name": "Ada",
        "display_name": TEXT,
        "description": TEXT,
        "pronouns": "they",
        "birthday": "1969-12-31",
        "avatar_url": IMAGE,
        "webhook_avatar_url": IMAGE,
        "banner": IMAGE,
        "color": "ABCDEF",
        "proxy_tags": [{"prefix": "a", "suffix": "b"}, {"prefix": None, "suffix": "0"}],
        "keep_proxy": True,
        "tts": True,
    },
    {"name": TEXT, "display_name": "0", "birthday": "0004-02-29"},
    {"name": "Cas", "description": "x" * 1000, "color": "0fab00"},
    {"name": "Dot", "pronouns": None, "privacy": {"visibility": "private"}},
    {"name": "Eve", "proxy_tags": [{"prefix": " e:", "suffix": None}], "privacy": None},
)
GROUPS: tuple[dict[str, Any], ...] = (
    {
        "name": "One",
        "display_name": "D",
        "description": "d",
        "icon": IMAGE,
        "banner": IMAGE,
        "color": "ff00Ff",
    },
    {"name": TEXT, "display_name": "0"},
    {"name": "Hidden", "description": "x", "privacy": {"visibility": "private"}},
)


class SampleEntities(NamedTuple):
    """The short ids of members and groups, and the UUID of a switch; the first group has three of the members."""

    members: list[str]
    groups: list[str]
    switch: str


def create_entities(recorder: Recorder) -> SampleEntities:
    """Create all of them."""
    members, groups = create_members(recorder), create_groups(recorder)
    recorder.send("POST", f"/groups/{groups[0]}/members/add", [*members[:2], members[3]])
    fronting = {"members": members[:2], "timestamp": "2024-05-05T05:05:05Z"}
    return SampleEntities(members, groups, recorder.create(f"{ME}/switches", fronting))


def create_members(recorder: Recorder, count: int = len(MEMBERS)) -> list[str]:
    """Create the first members alone."""
    return [recorder.create("/members", body) for body in MEMBERS[:count]]


def create_groups(recorder: Recorder, count: int = len(GROUPS)) -> list[str]:
    """Create the first groups alone."""
    return [recorder.create("/groups", body) for body in GROUPS[:count]]
