"""Faults: members and groups of another system that can be changed, deleted or listed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Group, Member
    from conformance.reference.steps import Original


@fault("err-30006", step="authentication.own_member")
def lets_others_change_members(_original: Original, _member: object, _caller: object) -> None:
    """PATCH changes a member of another system."""


@fault("err-30007", step="authentication.own_group")
def lets_others_change_groups(_original: Original, _group: object, _caller: object) -> None:
    """PATCH changes a group of another system."""


@fault("err-30008", step="references.listed_member")
def lists_foreign_members(server: Server, original: Original, ref: str, call: Call) -> Any:
    """A member of another system can be put into a switch and into a group."""
    found: Member | None = server.store.members.find(ref)
    return found or original(ref, call)


def _check_first(kind: str, server: Server) -> None:
    """Check of the first entry of a list alone whether it is of the system of the caller."""
    rows = server.store.members if kind == "member" else server.store.groups

    def listed(original: Original, refs: list[str], call: Call) -> list[Any]:
        first: list[Any] = original(refs[:1], call)
        return first + [rows.find(ref) or original([ref], call)[0] for ref in refs[1:]]

    wrap(server.references, f"listed_{kind}s", listed)


for _kind, _violated in (("member", "err-30008"), ("group", "err-30009")):
    add(
        f"lists_foreign_{_kind}s_after_own_ones",
        f"A list of {_kind}s may end with those of another system.",
        [_violated],
        partial(_check_first, _kind),
    )


@fault("err-30009", step="references.listed_group")
def calls_foreign_groups_unavailable(original: Original, ref: str, call: Call) -> Group:
    """A listed group of another system is rejected with 400 instead of its own code."""
    try:
        found: Group = original(ref, call)
    except Rejected as rejected:
        if rejected.problem is Problem.LISTED_GROUP_FOREIGN:
            raise Rejected(Problem.BAD_REQUEST, ref) from None
        raise
    return found


def _let_other_user(operation: str, server: Server) -> None:
    running = [""]

    def own(original: Original, row: object, caller: object) -> None:
        if running[0] != operation:
            original(row, caller)

    def run(original: Original, call: Call) -> object:
        running[0] = call.operation.name if call.operation else ""
        return original(call)

    wrap(server, "run", run)
    for step in ("own_system", "own_member", "own_group"):
        wrap(server.authentication, step, own)


for _operation, _violated in {
    "update-system": "auth-by-system-token",
    "delete-member": "err-30006",
    "delete-group": "err-30007",
    "overwrite-group-members": "err-30007",
    "overwrite-member-groups": "err-30006",
    "update-member-guild-settings": "err-30006",
    "get-member-guild-settings": "err-30006",
}.items():
    add(
        f"lets_other_users_{_operation.replace('-', '_')}",
        f"The operation {_operation} takes the token of any system.",
        [_violated],
        partial(_let_other_user, _operation),
    )
