"""Faults: refs in paths that name nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.ids.paths import UNKNOWN_REF
from conformance.reference.faults.registry import add, fault
from conformance.reference.identifiers import canonical_uuid

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import System
    from conformance.reference.steps import Original


@fault("err-20001", "err-20002", "err-20004", step="errors.status")
def returns_unknown_refs_with_400(original: Original, rejected: Rejected) -> int:
    """A ref that names nothing returns 400."""
    return 400 if rejected.problem in UNKNOWN_REF.values() else int(original(rejected))


def _fail_beyond_ascii(original: Original, ref: str, *rest: object) -> object:
    if not ref.isascii():
        raise Rejected(Problem.INTERNAL)
    return original(ref, *rest)


for _kind, _violated in (
    ("system", "err-20001"),
    ("member", "err-20002"),
    ("group", "err-20004"),
):
    add(
        f"fails_on_accented_ref_of_{_kind}",
        f"A {_kind} that is named by letters beyond ASCII makes the server fail.",
        [_violated],
        _fail_beyond_ascii,
        step=f"references.{_kind}",
    )


@fault("err-20001", step="references.account")
def takes_unknown_account_for_first(server: Server, original: Original, ref: str) -> System | None:
    """A number that is no linked account names the system that was created first."""
    return original(ref) or (server.seeded.first if ref.isdigit() else None)


@fault("err-20002", step="references.member")
def looks_for_members_of_any_kind(server: Server, original: Original, ref: str) -> object:
    """The UUID of a group in the place of a member is reported as an unknown group."""
    if server.store.groups.find(ref) and canonical_uuid(ref):
        raise Rejected(Problem.GROUP_UNKNOWN)
    return original(ref)


@fault("err-20001", step="switches.fronters")
def unknown_system_has_no_fronters(original: Original, call: Call) -> Any:
    """The fronters of a system that does not exist return 204."""
    try:
        return original(call)
    except Rejected as rejected:
        if rejected.problem is Problem.SYSTEM_UNKNOWN:
            return None
        raise


@fault("err-20006", step="messages.show")
def unknown_message_needs_a_token(original: Original, call: Call) -> Any:
    """A message that does not exist is 401 without a token."""
    try:
        return original(call)
    except Rejected as rejected:
        if rejected.problem is Problem.MESSAGE_UNKNOWN and call.caller is None:
            raise Rejected(Problem.UNAUTHORIZED) from None
        raise
