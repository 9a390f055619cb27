"""Faults: refs in the lists of a body that name nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import add, fault
from conformance.reference.identifiers import canonical_uuid
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.steps import Original


def _ignore_unknown(step: str, server: Server) -> None:
    def listed(_original: Original, refs: list[str], call: Call) -> list[object]:
        found = []
        for ref in refs:
            try:
                found.append(getattr(server.references, step)(ref, call))
            except Rejected:
                continue
        return found

    wrap(server.references, f"{step}s", listed)


for _kind, _violated in (("member", "err-20003"), ("group", "err-20005")):
    add(
        f"ignores_unknown_listed_{_kind}",
        f"An unknown listed {_kind} is passed over.",
        [_violated],
        partial(_ignore_unknown, f"listed_{_kind}"),
    )


@fault("err-20003", "err-20005")
def adds_entries_before_unknown_one(server: Server) -> None:
    """A list to add is carried out up to the entry that does not exist."""
    memberships: Any = server.endpoints["memberships"]

    def add_members(_original: Original, call: Call) -> None:
        group = memberships.own_group(call)
        for ref in server.bodies.refs(call, empty_allowed=False):
            memberships.join(group, server.references.listed_member(ref, call))

    def add_groups(_original: Original, call: Call) -> None:
        member = memberships.own_member(call)
        for ref in server.bodies.refs(call, empty_allowed=False):
            memberships.join(server.references.listed_group(ref, call), member)

    wrap(memberships, "add_members", add_members)
    wrap(memberships, "add_groups", add_groups)


def _skip_short(kind: str, server: Server) -> None:
    """Leave out short ids that name nothing, where UUIDs that do are rejected."""
    rows = server.store.members if kind == "member" else server.store.groups

    def listed(original: Original, refs: list[str], call: Call) -> object:
        return original([ref for ref in refs if rows.find(ref) or canonical_uuid(ref)], call)

    wrap(server.references, f"listed_{kind}s", listed)


for _kind, _violated in (("member", "err-20003"), ("group", "err-20005")):
    add(
        f"skips_unknown_short_ids_of_{_kind}s",
        f"A short id that names no {_kind} is left out of a list of {_kind}s.",
        [_violated],
        partial(_skip_short, _kind),
    )


@fault("err-20003", "err-20005")
def empties_list_before_rejecting(server: Server) -> None:
    """A list that is to be overwritten is emptied before its entries are looked at."""
    memberships: Any = server.endpoints["memberships"]

    def overwrite_members(original: Original, call: Call) -> None:
        memberships.own_group(call).members.clear()
        original(call)

    def overwrite_groups(original: Original, call: Call) -> None:
        member = memberships.own_member(call)
        for group in member.system.groups.values():
            group.members.pop(member.uuid, None)
        original(call)

    wrap(memberships, "overwrite_members", overwrite_members)
    wrap(memberships, "overwrite_groups", overwrite_groups)


@fault("err-20003", step="switches.members")
def switches_pass_over_unknown_members(
    server: Server, original: Original, refs: list[str], call: Call
) -> object:
    """A switch with a member that does not exist is logged without it."""
    return original([ref for ref in refs if server.store.members.find(ref)], call)


@fault("err-20003", step="switches.members")
def switches_pass_over_unknown_short_ids(
    server: Server, original: Original, refs: list[str], call: Call
) -> Any:
    """A short id that no member has is left out of a switch without an error."""
    known = [r for r in refs if canonical_uuid(r) or server.store.members.find(r)]
    return original(known, call)


@fault("err-20003")
def changes_members_before_rejecting_unknown(server: Server) -> None:
    """PATCH of the members of a switch is rejected for one that does not exist, and has set the others."""
    switches: Any = server.endpoints["switches"]

    def update(original: Original, call: Call) -> Any:
        try:
            return original(call)
        except Rejected as rejected:
            if rejected.problem is Problem.LISTED_MEMBER_UNKNOWN:
                refs = [r for r in server.bodies.refs(call) if server.store.members.find(r)]
                switch = switches.switch(call, switches.writable_system(call))
                switch.members = server.references.listed_members(refs, call)
            raise

    wrap(switches, "update_members", update)
