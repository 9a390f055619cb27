"""Faults: settings, settings in a guild and autoproxy that go wrong in one case alone."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from conformance.reference.entities import Row
from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap
from conformance.reference.validation import Invalid, flaw

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.models import Field, Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


@fault("update-settings-persists")
def name_format_needs_the_tag(server: Server) -> None:
    """A name format without both placeholders is rejected."""

    def read(original: Original, key: Field, value: object) -> Any:
        if key.key == "name_format" and not all(p in str(value) for p in ("{name}", "{tag}")):
            raise Invalid(flaw("A name format has a name and a tag."))
        return original(key, value)

    wrap(server.validation, "read_text", read)


@fault("update-settings-persists", "update-system-persists")
def timezone_has_two_parts_at_most(server: Server) -> None:
    """A timezone with two slashes in its name is rejected."""

    def read(original: Original, key: Field, value: object) -> Any:
        if str(value).count("/") > 1:
            raise Invalid(flaw("This is no time zone name."))
        return original(key, value)

    wrap(server.validation, "read_timezone", read)


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
    """PATCH of the settings in a guild makes them where they were never set."""
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


def _store_all_the_same(server: Server, wanted: Problem) -> None:
    """Store mode and member of a body that is rejected for a problem."""

    def settle(original: Original, patch: Patch, row: Row, call: Call) -> None:
        sent = dict(patch.fields)
        try:
            original(patch, row, call)
        except Rejected as rejected:
            if rejected.problem is wanted:
                row.fields.update(sent)
                if wanted is Problem.INVALID:
                    _keep(server, row, call)
            raise

    wrap(server.autoproxy_modes, "settle", settle)


def _keep(server: Server, row: Row, call: Call) -> None:
    """Let the autoproxy of the guild in question be this row."""
    if call.operation and call.operation.area == "autoproxy" and call.caller:
        call.caller.autoproxy[server.references.snowflake(call.query["guild_id"])] = row


@fault("autoproxy-member-null-for-front")
def rejected_member_for_front_is_stored(server: Server) -> None:
    """The mode front with a member is rejected, and stored all the same."""
    _store_all_the_same(server, Problem.INVALID)


@fault("error-object-max-length")
def guild_texts_have_no_lengths(server: Server) -> None:
    """The detail of a text that is too long in a guild has no lengths."""

    def changes(original: Original, kind: Kind, body: dict[str, Any]) -> Any:
        try:
            return original(kind, body)
        except Rejected as rejected:
            for detail in chain.from_iterable((rejected.errors or {}).values()):
                if "guild" in kind.name:
                    detail.pop("max_length", None)
                    detail.pop("actual_length", None)
            raise

    wrap(server.validation, "changes", changes)
