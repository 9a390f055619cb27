"""Faults: settings in a guild that were never set, or are those of another guild."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.entities import Row
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Member, System
    from conformance.reference.steps import Original


@fault("err-20009", "err-20010", "system-guild-row-must-exist", "member-guild-row-must-exist")
def guild_settings_appear_when_read(server: Server) -> None:
    """GET of the settings in a guild creates them where they were never set."""
    guilds, models = server.endpoints["guilds"], server.revision.models

    def system_row(_original: Original, call: Call) -> Row:
        system: System = guilds.own_system(call)
        return system.guilds.setdefault(call.params["guild"], Row.blank(models.system_guild))

    def member_row(_original: Original, call: Call) -> Row:
        member = guilds.own_member(call)
        return member.guilds.setdefault(call.params["guild"], Row.blank(models.member_guild))

    wrap(guilds, "system_row", system_row)
    wrap(guilds, "member_row", member_row)


@fault("system-guild-row-must-exist", "member-guild-row-must-exist")
def reads_guild_ids_as_floats(server: Server) -> None:
    """The id of a guild is read as a floating-point number, so that its last digits do not count."""
    known = server.seeded.guild_id

    def snowflake(original: Original, text: str) -> Any:
        found = original(text)
        return known if float(found) == float(known) else found

    wrap(server.references, "snowflake", snowflake)


@fault("system-guild-row-must-exist", "member-guild-row-must-exist")
def guild_settings_appear_when_written(server: Server) -> None:
    """PATCH of the settings in a guild creates them where they were never set."""
    guilds: Any = server.endpoints["guilds"]

    def update(original: Original, call: Call) -> Any:
        rows = guilds.own_system(call).guilds
        guild = server.references.snowflake(call.params["guild"])
        rows.setdefault(guild, Row.blank(server.revision.models.system_guild))
        return original(call)

    def update_member(original: Original, call: Call) -> Any:
        rows = guilds.own_member(call).guilds
        guild = server.references.snowflake(call.params["guild"])
        rows.setdefault(guild, Row.blank(server.revision.models.member_guild))
        return original(call)

    wrap(guilds, "update", update)
    wrap(guilds, "update_member", update_member)


@fault("member-guild-row-must-exist")
def member_guild_settings_are_shared_by_guilds(server: Server) -> None:
    """A member has the same settings in every guild."""
    guilds: Any = server.endpoints["guilds"]

    def member_row(_original: Original, call: Call) -> Row:
        member: Member = guilds.own_member(call)
        return next(iter(member.guilds.values()))

    wrap(guilds, "member_row", member_row)
