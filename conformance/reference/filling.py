"""Fills the system under test as one that is in use: members, groups, a history of switches, and settings of its own.

In such a system, as in production, a new member has no settings in the guild: only one that was seen there has some.
"""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from conformance.reference.entities import Row

if TYPE_CHECKING:
    from conformance.reference.entities import Member, System
    from conformance.reference.seeding import Seeded
    from conformance.reference.storage import Store

_BEGAN = datetime(2024, 3, 4, 5, 6, 7, 890000, tzinfo=UTC)
_MEMBERS = ("Ash", "Birch", "Cedar", "Elm", "Fir")
_GROUPS = ("Trees", "Shrubs")
_SWITCHES = 7
_SETTINGS = {
    "timezone": "Europe/Berlin",
    "latch_timeout": 900,
    "pings_enabled": False,
    "hid_display_caps": True,
    "proxy_switch": "new",
}


def fill(store: Store, seeded: Seeded) -> Seeded:
    """Fill the system under test; return what was seeded with the member that has settings in the guild."""
    system, guild = seeded.first, seeded.guild_id
    system.seen_guild = None
    system.fields.update(description="In use.", tag="| in use", pronouns="they/them")
    system.privacy["pronoun_privacy"] = "private"
    known = {key: value for key, value in _SETTINGS.items() if key in system.settings.fields}
    system.settings.fields.update(known)
    members = [_add_member(store, system, name) for name in _MEMBERS]
    for number, name in enumerate(_GROUPS):
        row = Row.blank(store.models.group)
        row.fields.update(name=name, description=f"All {name.lower()}.")
        group = store.add_group(system, row, _BEGAN)
        group.members.update((member.uuid, member) for member in members[number::2])
    for number in range(_SWITCHES):
        fronters = members[number % len(members) :][:2]
        store.add_switch(system, _BEGAN + timedelta(days=number), fronters)
    seen = members[0]
    _set_in_guild(store, system, guild, seen)
    return dataclasses.replace(seeded, guild_member_id=seen.short_id)


def _add_member(store: Store, system: System, name: str) -> Member:
    row = Row.blank(store.models.member)
    row.fields.update(
        name=name,
        pronouns="it/its",
        description=f"A {name.lower()}.",
        proxy_tags=[{"prefix": f"{name[0]}:", "suffix": None}],
    )
    row.privacy["description_privacy"] = "private"
    return store.add_member(system, row, _BEGAN)


def _set_in_guild(store: Store, system: System, guild: str, seen: Member) -> None:
    """Give the system and one member settings in the guild, and the system a mode of autoproxy there that needs the member."""
    system.guilds[guild].fields.update(tag="| here", display_name="Trees here")
    seen.guilds[guild] = Row.blank(store.models.member_guild)
    seen.guilds[guild].fields.update(display_name="Ash here", keep_proxy=True)
    mode = {"autoproxy_mode": "member", "autoproxy_member": seen.short_id}
    if "autoproxy_mode" in system.guilds[guild].fields:
        system.guilds[guild].fields.update(mode)
    else:
        system.autoproxy[guild] = Row.blank(store.models.autoproxy)
        system.autoproxy[guild].fields.update(mode)
