"""A system in the form of an export of PluralKit, version 2: what `pk;export` gives a user, and what `loading` reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference import moments

if TYPE_CHECKING:
    from conformance.reference.entities import Group, Member, Switch, System

VERSION = 2


def export(system: System) -> dict[str, Any]:
    """Return the system with its members, groups, switches and settings; what guilds and messages have is not part of the form."""
    return {
        "version": VERSION,
        **_row(system),
        "config": dict(system.settings.fields),
        "accounts": [int(account) for account in system.accounts],
        "members": [_row(member) for member in system.members.values()],
        "groups": [_group(group) for group in system.groups.values()],
        "switches": [_switch(switch) for switch in system.switches],
    }


def _row(row: System | Member | Group) -> dict[str, Any]:
    keys = [field.key for field in row.kind.fields if field.key != "system"]
    privacy = {key: row.privacy[key] for key in row.kind.privacy_keys}
    return {key: row.fields[key] for key in keys} | {"privacy": privacy}


def _group(group: Group) -> dict[str, Any]:
    return _row(group) | {"members": [member.short_id for member in group.members.values()]}


def _switch(switch: Switch) -> dict[str, Any]:
    return {
        "timestamp": moments.show(switch.timestamp),
        "members": [member.short_id for member in switch.members],
    }
