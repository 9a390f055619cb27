"""Faults: refs in paths that name nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.ids.paths import UNKNOWN_REF
from conformance.reference.faults.registry import add, fault
from conformance.reference.identifiers import canonical_uuid
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import System
    from conformance.reference.steps import Original


@fault("err-20001", "err-20002", "err-20004")
def returns_unknown_refs_with_400(server: Server) -> None:
    """A ref that names nothing returns 400."""

    def status(original: Original, rejected: Rejected) -> int:
        return 400 if rejected.problem in UNKNOWN_REF.values() else int(original(rejected))

    wrap(server.errors, "status", status)


def _fail_beyond_ascii(kind: str, server: Server) -> None:
    def find(original: Original, ref: str, *rest: object) -> object:
        if not ref.isascii():
            raise Rejected(Problem.INTERNAL)
        return original(ref, *rest)

    wrap(server.references, kind, find)


for _kind, _violated in (
    ("system", "err-20001"),
    ("member", "err-20002"),
    ("group", "err-20004"),
):
    add(
        f"fails_on_accented_ref_of_{_kind}",
        f"A {_kind} that is named by letters beyond ASCII makes the server fail.",
        [_violated],
        partial(_fail_beyond_ascii, _kind),
    )


@fault("err-20001")
def takes_unknown_account_for_first(server: Server) -> None:
    """A number that is no linked account names the system that was created first."""

    def account(original: Original, ref: str) -> System | None:
        return original(ref) or (server.seeded.first if ref.isdigit() else None)

    wrap(server.references, "account", account)


@fault("err-20002")
def looks_for_members_of_any_kind(server: Server) -> None:
    """The UUID of a group in the place of a member is reported as an unknown group."""

    def member(original: Original, ref: str) -> object:
        if server.store.groups.find(ref) and canonical_uuid(ref):
            raise Rejected(Problem.GROUP_UNKNOWN)
        return original(ref)

    wrap(server.references, "member", member)


@fault("err-20001")
def unknown_system_has_no_fronters(server: Server) -> None:
    """The fronters of a system that does not exist return 204."""

    def fronters(original: Original, call: Call) -> Any:
        try:
            return original(call)
        except Rejected as rejected:
            if rejected.problem is Problem.SYSTEM_UNKNOWN:
                return None
            raise

    wrap(server.endpoints["switches"], "fronters", fronters)


@fault("err-20006")
def unknown_message_needs_a_token(server: Server) -> None:
    """A message that does not exist is 401 without a token."""

    def show(original: Original, call: Call) -> Any:
        try:
            return original(call)
        except Rejected as rejected:
            if rejected.problem is Problem.MESSAGE_UNKNOWN and call.caller is None:
                raise Rejected(Problem.UNAUTHORIZED) from None
            raise

    wrap(server.endpoints["messages"], "show", show)
