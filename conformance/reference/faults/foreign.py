"""Faults: what belongs to another system is treated as one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Refused
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Group, Member
    from conformance.reference.steps import Original


@fault("lets_others_change_members", trips=["err-30006"])
def _(server: Server) -> None:
    """PATCH changes a member of another system."""
    wrap(server.authentication, "own_member", lambda _original, _member, _caller: None)


@fault("lets_others_change_groups", trips=["err-30007"])
def _(server: Server) -> None:
    """PATCH changes a group of another system."""
    wrap(server.authentication, "own_group", lambda _original, _group, _caller: None)


@fault("lists_foreign_members", trips=["err-30008"])
def _(server: Server) -> None:
    """A member of another system can be put into a switch and into a group."""

    def listed(original: Original, ref: str, call: Call) -> Any:
        found: Member | None = server.store.members.find(ref)
        return found or original(ref, call)

    wrap(server.references, "listed_member", listed)


@fault("calls_foreign_groups_unavailable", trips=["err-30009"])
def _(server: Server) -> None:
    """A listed group of another system is refused with 400 instead of its own code."""

    def listed(original: Original, ref: str, call: Call) -> Group:
        try:
            found: Group = original(ref, call)
        except Refused as refused:
            if refused.problem is Problem.LISTED_GROUP_FOREIGN:
                raise Refused(Problem.BAD_REQUEST, ref) from None
            raise
        return found

    wrap(server.references, "listed_group", listed)
