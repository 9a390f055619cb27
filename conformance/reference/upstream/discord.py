"""Known deviations: autoproxy and guild settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected, reject_value
from conformance.reference.steps import wrap
from conformance.reference.upstream.registry import deviation
from conformance.reference.validation import Invalid, flaw

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Row
    from conformance.reference.models import Field, Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


@deviation(63, only="2025-08")
def accepts_empty_autoproxy(server: Server) -> None:
    """A PATCH of autoproxy without a valid key is fine while the mode is off or front."""
    autoproxy = server.revision.models.autoproxy

    def changes(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        patch: Patch = (server.validation.read if kind is autoproxy else original)(kind, body)
        return patch

    def settle(original: Original, patch: Patch, row: Row, call: Call) -> None:
        if not patch and row.fields["autoproxy_mode"] not in ("off", "front"):
            raise Rejected(Problem.BAD_REQUEST, "the body has no valid key")
        original(patch, row, call)

    wrap(server.validation, "changes", changes)
    wrap(server.autoproxy_modes, "settle", settle)


@deviation(106, 122, 163, 169, only="2025-08", step="autoproxy.guild")
def returns_501_for_autoproxy(server: Server, original: Original, call: Call) -> object:
    """Autoproxy without guild_id or with channel_id is 501 with code 50001."""
    asked = [server.queries.value(call, key) for key in ("guild_id", "channel_id")]
    if asked[0] is None or asked[1] is not None:
        raise Rejected(Problem.UNIMPLEMENTED)
    return original(call)


@deviation(109, only="2025-08")
def returns_40001_for_autoproxy_members(server: Server) -> None:
    """The mode member without a member is 40001, a foreign member is 403, null is ignored."""
    autoproxy = server.revision.models.autoproxy

    def read(original: Original, kind: Kind, body: dict[str, Any], *rest: object) -> object:
        if kind is autoproxy:
            body = {key: value for key, value in body.items() if value is not None}
            member = body.get("autoproxy_member")
            if isinstance(member, str) and not member.strip():
                reject_value("autoproxy_member", "No member has this id.")
        return original(kind, body, *rest)

    def settle(original: Original, *arguments: object) -> None:
        try:
            original(*arguments)
        except Rejected as rejected:
            if rejected.problem is Problem.AUTOPROXY_MEMBER_MISSING:
                reject_value("autoproxy_member", "The mode member needs a member.")
            raise

    def member(original: Original, ref: str, mode: str, call: Call) -> object:
        """Whose it is counts before whether the mode has a member."""
        try:
            server.references.listed_member(ref, call)
        except Rejected as rejected:
            if rejected.problem is Problem.LISTED_MEMBER_FOREIGN:
                raise Rejected(Problem.NOT_YOURS) from None
        return original(ref, mode, call)

    wrap(server.validation, "read", read)
    wrap(server.autoproxy_modes, "settle", settle)
    wrap(server.autoproxy_modes, "member", member)


@deviation(20, 109, only="2025-08", step="validation.value")
def rejects_other_modes_with_40001(original: Original, key: Field, value: object) -> object:
    """A list or an object for the mode is 40001, unlike for other keys."""
    if key.key == "autoproxy_mode" and isinstance(value, (dict, list)):
        raise Invalid(flaw("This is no mode."))
    return original(key, value)


@deviation(110, only="2025-08", step="autoproxy_modes.settle")
def keeps_autoproxy_members_in_mode_off(
    original: Original, patch: Patch, row: Row, call: Call
) -> None:
    """The member is still shown in the mode off, until the next PATCH."""
    original(patch, row, call)
    was_on = row.fields["autoproxy_mode"] in ("latch", "member")
    if patch.fields.get("autoproxy_mode") == "off" and was_on:
        patch.fields["autoproxy_member"] = row.fields["autoproxy_member"]


@deviation(154, only="2021-11")
def accepts_any_autoproxy_member(server: Server) -> None:
    """autoproxy_member may be of another system, an unknown one is 20002, a null mode is off."""
    guild = server.revision.models.system_guild

    def read(original: Original, kind: Kind, body: dict[str, Any], *rest: object) -> object:
        if kind is guild and body.get("autoproxy_mode", "off") is None:
            body = body | {"autoproxy_mode": "off"}
        return original(kind, body, *rest)

    def member(_original: Original, ref: str, _mode: str, _call: Call) -> str:
        return server.references.member(ref).short_id

    wrap(server.validation, "read", read)
    wrap(server.autoproxy_modes, "member", member)


@deviation(128, only="2021-11")
def accepts_empty_guild_settings(server: Server) -> None:
    """A PATCH of the guild settings of a system without a valid key is fine."""
    guild = server.revision.models.system_guild

    def changes(original: Original, kind: Kind, body: dict[str, Any]) -> Patch:
        patch: Patch = (server.validation.read if kind is guild else original)(kind, body)
        return patch

    wrap(server.validation, "changes", changes)
