"""Faults: the modes of autoproxy, and the guild that a request names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Row
    from conformance.reference.models import Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


@fault("autoproxy-needs-guild-id")
def autoproxy_needs_no_guild(server: Server) -> None:
    """Autoproxy without guild_id is not rejected."""

    def guild(original: Original, call: Call) -> str:
        asked: str = original(call) if call.query else "0"
        return asked

    wrap(server.endpoints["autoproxy"], "guild", guild)


@fault("autoproxy-rejects-channel-id")
def autoproxy_ignores_channel(server: Server) -> None:
    """Autoproxy takes channel_id without an error."""

    def guild(original: Original, call: Call) -> str:
        call.query.pop("channel_id", None)
        asked: str = original(call)
        return asked

    wrap(server.endpoints["autoproxy"], "guild", guild)


@fault("err-40002")
def autoproxy_mode_member_needs_none(server: Server) -> None:
    """The mode member needs no member."""

    def settle(original: Original, *given: object) -> None:
        try:
            original(*given)
        except Rejected as rejected:
            if rejected.problem is not Problem.AUTOPROXY_MEMBER_MISSING:
                raise

    wrap(server.autoproxy_modes, "settle", settle)


@fault("autoproxy-member-null-for-front")
def autoproxy_front_keeps_member(server: Server) -> None:
    """The mode front takes a member, and keeps the one that is there."""

    def settle(original: Original, patch: Patch, row: Row, call: Call) -> None:
        sent = dict(patch.fields)
        if sent.get("autoproxy_mode") != "front":
            original(patch, row, call)

    wrap(server.autoproxy_modes, "settle", settle)


@fault("system-guild-autoproxy-member-needed", "err-40002", only="2021-11")
def launch_mode_member_needs_none(server: Server) -> None:
    """The autoproxy mode member of a guild needs no member."""

    def settle(original: Original, patch: Patch, row: Row, call: Call) -> None:
        if patch.fields != {"autoproxy_mode": "member"}:
            original(patch, row, call)

    wrap(server.autoproxy_modes, "settle", settle)


@fault("autoproxy-mode-enum")
def autoproxy_stores_unknown_mode(server: Server) -> None:
    """Any text is a mode."""

    def read(original: Original, kind: Kind, body: dict[str, Any], *errors: object) -> Patch:
        known = {key: value for key, value in body.items() if key != "autoproxy_mode"}
        patch: Patch = original(kind, known, *errors)
        if "autoproxy_mode" in body:
            patch.fields["autoproxy_mode"] = body["autoproxy_mode"]
        return patch

    wrap(server.validation, "read", read)


@fault("autoproxy-member-null-for-front")
def rejected_member_for_front_is_stored(server: Server) -> None:
    """The mode front with a member is rejected, and stored all the same."""

    def settle(original: Original, patch: Patch, row: Row, call: Call) -> None:
        sent = dict(patch.fields)
        try:
            original(patch, row, call)
        except Rejected as rejected:
            if rejected.problem is Problem.INVALID:
                row.fields.update(sent)
                if call.operation and call.operation.area == "autoproxy" and call.caller:
                    guild = server.references.snowflake(call.query["guild_id"])
                    call.caller.autoproxy[guild] = row
            raise

    wrap(server.autoproxy_modes, "settle", settle)


@fault("get-autoproxy-returns-settings")
def autoproxy_is_shared_by_guilds(server: Server) -> None:
    """A system has the same autoproxy settings in every guild."""

    def guild(original: Original, call: Call) -> str:
        original(call)
        return server.seeded.guild_id

    wrap(server.endpoints["autoproxy"], "guild", guild)
