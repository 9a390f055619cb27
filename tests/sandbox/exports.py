"""An export as PluralKit gives one to its users, and variants of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

UUIDS = [f"00000000-0000-4000-8000-00000000000{n}" for n in range(6)]
ASH = {
    "id": "aaaaaa",
    "uuid": UUIDS[1],
    "name": "Ash",
    "display_name": None,
    "color": "00ff00",
    "birthday": "0004-02-29",
    "pronouns": "it/its",
    "avatar_url": "https://images.example.com/ash.png",
    "webhook_avatar_url": None,
    "banner": None,
    "description": "A tree.",
    "created": "2020-01-02T03:04:05.678Z",
    "keep_proxy": True,
    "tts": False,
    "autoproxy_enabled": None,
    "message_count": 12,
    "last_message_timestamp": "2021-01-01T00:00:00Z",
    "proxy_tags": [{"prefix": "A:", "suffix": None}, {"suffix": "-a"}],
    "privacy": {"visibility": "private", "name_privacy": None},
}
EXPORT: dict[str, Any] = {
    "version": 2,
    "id": "ssssss",
    "uuid": UUIDS[0],
    "name": "Grove",
    "description": None,
    "tag": "| Grove",
    "created": "2019-12-30T00:00:00Z",
    "webhook_url": None,
    "privacy": {"pronoun_privacy": "private"},
    "config": {"timezone": "Europe/Berlin", "latch_timeout": None, "pings_enabled": None},
    "accounts": [123456789012345678, "223456789012345678"],
    "members": [ASH, {"id": "bbbbb", "uuid": UUIDS[2], "name": "Birch"}, {"name": "Cedar"}],
    "groups": [
        {"id": "gggggg", "uuid": UUIDS[3], "name": "Trees", "members": ["bbbbb", UUIDS[1]]},
        {"name": "None", "icon": None, "members": None},
    ],
    "switches": [
        {"timestamp": "2022-01-01T00:00:00Z", "members": ["aaaaaa", "bbbbb"]},
        {"timestamp": "2021-01-01T00:00:00.5+01:00", "members": []},
    ],
}


def written(folder: Path, value: object) -> Path:
    """Write an export."""
    path = folder / "export.json"
    path.write_text(json.dumps(value), "utf-8")
    return path


def changed(*steps: str | int, to: Any) -> dict[str, Any]:
    """Return the export with another value in a place."""
    value: dict[str, Any] = json.loads(json.dumps(EXPORT))
    inner: Any = value
    for step in steps[:-1]:
        inner = inner[step]
    inner[steps[-1]] = to
    return value
