"""What is there when the server starts: two systems and what tests of the API need to find.

``first`` is the system under test: it has a name, a linked Discord account and settings in one
guild, but no members, groups or switches. ``second`` owns a little of everything, so that
checks can request what belongs to others, and more switches than one list holds.

Sandbox rule: the API offers no way to create member settings for a guild: they exist once a member
has been seen there. So that they can be tested, each new member of ``first``
counts as seen in the seeded guild.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from conformance.reference import moments
from conformance.reference.entities import Message, Row
from conformance.reference.identifiers import snowflake_time

if TYPE_CHECKING:
    from conformance.reference.entities import Member, System
    from conformance.reference.storage import Store

_STARTED = datetime(2025, 1, 1, 12, tzinfo=UTC)
_EARLIER_SWITCHES = 119


@dataclass(frozen=True)
class Seeded:
    """The seeded systems and the ids that no request can make."""

    first: System
    second: System
    guild_id: str
    message_id: str
    original_message_id: str
    deleted_message_id: str
    guild_member_id: str | None = None  # where only one member has settings in the guild


def seed_systems(store: Store) -> Seeded:
    """Fill an empty store; the same seed gives the same ids."""
    guild = _snowflake(store)
    first = store.add_system("First", _snowflake(store), _STARTED)
    first.guilds[guild] = Row.blank(store.models.system_guild)
    first.seen_guild = guild
    second = store.add_system("Second", _snowflake(store), _STARTED)
    second.guilds[guild] = Row.blank(store.models.system_guild)
    second.fields["description"] = "Seeded."
    second.privacy["description_privacy"] = "private"
    speaker = _add_entities(store, second)
    speaker.guilds[guild] = Row.blank(store.models.member_guild)
    # The message hides all that it can of the member but its images, which others are shown.
    hidden = [key for key in speaker.privacy if key not in ("visibility", "avatar_privacy")]
    speaker.privacy.update(dict.fromkeys(hidden, "private"))
    message = _add_message(store, second, guild, speaker)
    orphan = _add_message(store, second, guild, None)
    speaker.fields["message_count"] = 1
    speaker.fields["last_message_timestamp"] = message.fields["timestamp"]
    _add_history(store, second, speaker)
    return Seeded(
        first=first,
        second=second,
        guild_id=guild,
        message_id=message.fields["id"],
        original_message_id=message.fields["original"],
        deleted_message_id=orphan.fields["id"],
    )


def _add_entities(store: Store, system: System) -> Member:
    speaker = store.add_member(system, _member(store, "Open", "public"), _STARTED)
    store.add_member(system, _member(store, "Secret", "private"), _STARTED)
    group = Row.blank(store.models.group)
    group.fields["name"] = "Some"
    store.add_group(system, group, _STARTED).members[speaker.uuid] = speaker
    store.add_switch(system, _STARTED, [speaker])
    return speaker


def _add_history(store: Store, system: System, speaker: Member) -> None:
    """Log a long history: the member fronts and stops within one second, again and again."""
    for number in range(1, _EARLIER_SWITCHES + 1):
        comes = number % 2 == 0
        ago = timedelta(minutes=number + number % 2, milliseconds=-250 if comes else -750)
        store.add_switch(system, _STARTED - ago, [speaker] if comes else [])


def _member(store: Store, name: str, level: str) -> Row:
    row = Row.blank(store.models.member)
    row.fields.update(
        name=name,
        display_name=f"{name} one",
        color="7f7fff",
        birthday="0004-02-29",
        pronouns="they/them",
        avatar_url="https://images.example.com/avatar.png",
        webhook_avatar_url="https://images.example.com/webhook.png",
        banner="https://images.example.com/banner.png",
        description="Seeded.",
        proxy_tags=[{"prefix": f"{name}:", "suffix": None}],
    )
    row.privacy = dict.fromkeys(row.kind.privacy_keys, level)
    return row


def _add_message(store: Store, system: System, guild: str, member: Member | None) -> Message:
    original, proxied = _snowflake(store), _snowflake(store)
    sent = datetime.fromtimestamp(snowflake_time(proxied) / 1000, UTC)
    message = Message(
        {
            "timestamp": moments.show(sent),
            "id": proxied,
            "original": original,
            "sender": system.accounts[0],
            "channel": _snowflake(store),
            "guild": guild,
        },
        member,
    )
    store.add_message(message)
    return message


def _snowflake(store: Store) -> str:
    return store.identities.snowflake(int(_STARTED.timestamp() * 1000))
