"""Faults: the modes of autoproxy, and the guild that a request names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Member, Row
    from conformance.reference.models import Kind
    from conformance.reference.steps import Original
    from conformance.reference.validation import Patch


@fault("autoproxy-needs-guild-id", step="autoproxy.guild")
def autoproxy_needs_no_guild(original: Original, call: Call) -> str:
    """Autoproxy without guild_id is not rejected."""
    asked: str = original(call) if call.query else "0"
    return asked


@fault("autoproxy-rejects-channel-id", step="autoproxy.guild")
def autoproxy_ignores_channel(original: Original, call: Call) -> object:
    """Autoproxy takes channel_id without an error."""
    call.query.pop("channel_id", None)
    return original(call)


@fault("err-40002", step="autoproxy_modes.settle")
def autoproxy_mode_member_needs_none(original: Original, *given: object) -> None:
    """The mode member needs no member."""
    try:
        original(*given)
    except Rejected as rejected:
        if rejected.problem is not Problem.AUTOPROXY_MEMBER_MISSING:
            raise


@fault("autoproxy-member-null-for-front", step="autoproxy_modes.settle")
def autoproxy_front_keeps_member(original: Original, patch: Patch, row: Row, call: Call) -> None:
    """The mode front takes a member, and keeps the one that is there."""
    sent = dict(patch.fields)
    if sent.get("autoproxy_mode") != "front":
        original(patch, row, call)


@fault(
    "system-guild-autoproxy-member-needed",
    "err-40002",
    only="2021-11",
    step="autoproxy_modes.settle",
)
def launch_mode_member_needs_none(original: Original, patch: Patch, row: Row, call: Call) -> None:
    """The autoproxy mode member of a guild needs no member."""
    if patch.fields != {"autoproxy_mode": "member"}:
        original(patch, row, call)


@fault("autoproxy-mode-enum", step="validation.read")
def autoproxy_stores_unknown_mode(
    original: Original, kind: Kind, body: dict[str, Any], *errors: object
) -> Patch:
    """Any text is a mode."""
    known = {key: value for key, value in body.items() if key != "autoproxy_mode"}
    patch: Patch = original(kind, known, *errors)
    if "autoproxy_mode" in body:
        patch.fields["autoproxy_mode"] = body["autoproxy_mode"]
    return patch


@fault("autoproxy-member-null-for-front", step="autoproxy_modes.settle")
def rejected_member_for_front_is_stored(
    server: Server, original: Original, patch: Patch, row: Row, call: Call
) -> None:
    """The mode front with a member is rejected, and stored all the same."""
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


@fault("get-autoproxy-returns-settings", step="autoproxy.guild")
def autoproxy_is_shared_by_guilds(server: Server, original: Original, call: Call) -> str:
    """A system has the same autoproxy settings in every guild."""
    original(call)
    return server.seeded.guild_id


@fault("update-autoproxy-persists", "update-autoproxy-returns-settings")
def autoproxy_returns_to_its_first_member(server: Server) -> None:
    """The mode member, when it is entered again, has the member that it had at first."""
    first: dict[Row, str] = {}

    def settle(original: Original, patch: Patch, row: Row, call: Call) -> None:
        original(patch, row, call)
        mode = patch.fields.get("autoproxy_mode", row.fields["autoproxy_mode"])
        if mode == "member" != row.fields["autoproxy_mode"]:
            known = first.setdefault(row, patch.fields["autoproxy_member"])
            patch.fields["autoproxy_member"] = known

    wrap(server.autoproxy_modes, "settle", settle)


@fault("get-autoproxy-returns-settings")
def autoproxy_fails_without_its_member(server: Server) -> None:
    """The server fails to show the autoproxy whose member was deleted, until it is changed."""
    broken: set[Row] = set()

    def delete(original: Original, member: Member) -> None:
        rows = member.system.autoproxy.values()
        broken.update(r for r in rows if r.fields["autoproxy_member"] == member.short_id)
        original(member)

    def show(original: Original, row: Row) -> object:
        if row in broken:
            raise Rejected(Problem.INTERNAL)
        return original(row)

    def merge(original: Original, row: Row, patch: Patch) -> object:
        broken.discard(row)
        return original(row, patch)

    wrap(server.store, "delete_member", delete)
    wrap(server.presenter, "settings", show)
    wrap(server.updates, "merge", merge)


@fault("patch-keys-all-optional", step="autoproxy_modes.settle")
def autoproxy_mode_member_needs_it_each_time(
    original: Original, patch: Patch, row: Row, call: Call
) -> None:
    """PATCH of the mode member needs a member, though there is one already."""
    if patch.fields.get("autoproxy_mode") == "member" and "autoproxy_member" not in patch.fields:
        raise Rejected(Problem.AUTOPROXY_MEMBER_MISSING)
    original(patch, row, call)


@fault("update-autoproxy-persists", step="autoproxy.show")
def autoproxy_hides_member_of_latch(original: Original, call: Call) -> dict[str, Any]:
    """GET of autoproxy in the mode latch shows no member, whatever a PATCH returned."""
    shown: dict[str, Any] = original(call)
    return shown | ({"autoproxy_member": None} if shown["autoproxy_mode"] == "latch" else {})


@fault("autoproxy-member-null-for-front", only="2025-08", step="autoproxy_modes.settle")
def autoproxy_in_front_takes_a_member(
    original: Original, patch: Patch, row: Row, call: Call
) -> None:
    """A PATCH of the member alone is accepted in the mode front; the member is looked at only when the body has the mode."""
    if patch.fields.keys() == {"autoproxy_member"} and row.fields["autoproxy_mode"] == "front":
        patch.fields.clear()
        return
    original(patch, row, call)


@fault("err-40002", step="autoproxy_modes.settle")
def autoproxy_mode_member_takes_null(
    original: Original, patch: Patch, row: Row, call: Call
) -> None:
    """The mode member takes null for its member."""
    if patch.fields != {"autoproxy_mode": "member", "autoproxy_member": None}:
        original(patch, row, call)


@fault("autoproxy-member-null-for-front", only="2025-08", step="autoproxy_modes.settle")
def autoproxy_mode_front_takes_no_null(
    original: Original, patch: Patch, row: Row, call: Call
) -> None:
    """PATCH to the mode front is rejected where it carries null for the member."""
    if patch.fields == {"autoproxy_mode": "front", "autoproxy_member": None}:
        raise Rejected(Problem.INVALID, errors={"autoproxy_member": [{"message": "No member."}]})
    original(patch, row, call)


@fault("errors-are-4xx-json", only="2025-08", step="autoproxy_modes.settle")
def autoproxy_fails_at_null_in_latch(
    original: Original, patch: Patch, row: Row, call: Call
) -> None:
    """PATCH with null for the member alone fails in the mode latch."""
    if patch.fields == {"autoproxy_member": None} and row.fields["autoproxy_mode"] == "latch":
        raise Rejected(Problem.INTERNAL)
    original(patch, row, call)
