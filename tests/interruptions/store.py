"""The content of the reference server's store, to compare before and after a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.reference.entities import Row, System
    from conformance.reference.storage import Store


def content(store: Store) -> dict[str, Any]:
    """Return all that the store remembers, by paths like `systems/abcde/members/fghij/fields/name`."""
    found: dict[str, Any] = {}
    for system in store.tokens.values():
        _add_system(found, system)
    for ref, message in store.messages.items():
        found[f"messages/{ref}"] = (dict(message.fields), message.member and message.member.uuid)
    return found


def _add_system(found: dict[str, Any], system: System) -> None:
    path = f"systems/{system.short_id}"
    _add(found, path, system)
    _add(found, f"{path}/settings", system.settings)
    for kind in ("guilds", "autoproxy"):
        for guild, row in getattr(system, kind).items():
            _add(found, f"{path}/{kind}/{guild}", row)
    for member in system.members.values():
        _add(found, f"{path}/members/{member.short_id}", member)
        for guild, row in member.guilds.items():
            _add(found, f"{path}/members/{member.short_id}/guilds/{guild}", row)
    for group in system.groups.values():
        _add(found, f"{path}/groups/{group.short_id}", group)
        found[f"{path}/groups/{group.short_id}/members"] = sorted(group.members)
    for switch in system.switches:
        members = [member.uuid for member in switch.members]
        found[f"{path}/switches/{switch.uuid}"] = (switch.timestamp, members)


def _add(found: dict[str, Any], path: str, row: Row) -> None:
    found.update({f"{path}/fields/{key}": value for key, value in row.fields.items()})
    found.update({f"{path}/privacy/{key}": value for key, value in row.privacy.items()})
