"""Known deviations: members and groups that a body lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from conformance.reference.errors import Problem, Rejected
from conformance.reference.identifiers import canonical_uuid
from conformance.reference.steps import wrap
from conformance.reference.upstream.registry import deviation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Group, Member, System
    from conformance.reference.steps import Original

_LOOKED_UP_EVERYWHERE = ("update-switch-members", "update-autoproxy")
_VERBS = ("add", "remove", "overwrite")
_UNKNOWN = {
    "listed_member": Problem.LISTED_MEMBER_UNKNOWN,
    "listed_group": Problem.LISTED_GROUP_UNKNOWN,
}


def name_of(call: Call) -> str:
    """Return the name of the operation that is running."""
    return call.operation.name if call.operation else ""


def recode(server: Server, step: str, codes: dict[tuple[str, Problem], Problem]) -> None:
    """Reject refs of bodies with other codes, by the operation and the documented problem."""

    def find(original: Original, ref: str, call: Call) -> object:
        try:
            return original(ref, call)
        except Rejected as rejected:
            raise Rejected(
                codes.get((name_of(call), rejected.problem), rejected.problem), ref
            ) from None

    wrap(server.references, step, find)


@deviation(31, only="2025-08")
def finds_only_stored_id_formats_in_bodies(server: Server) -> None:
    """A ref of a body is only found in the id format that is stored."""
    for step, unknown in _UNKNOWN.items():

        def find(original: Original, ref: str, call: Call, unknown: Problem = unknown) -> object:
            stored = server.revision.short_ids.canonical(ref) == ref
            if not stored and name_of(call) not in _LOOKED_UP_EVERYWHERE:
                raise Rejected(unknown, ref)
            return original(ref, call)

        wrap(server.references, step, find)


@deviation(32, 122, only="2025-08")
def finds_only_own_rows_in_bodies(server: Server) -> None:
    """Rows of other systems in a body count as unknown, but not in the members of a switch."""
    members = [*(f"{verb}-group-members" for verb in _VERBS), "create-switch"]
    groups = [f"{verb}-member-groups" for verb in _VERBS]
    for step, operations, foreign in (
        ("listed_member", members, Problem.LISTED_MEMBER_FOREIGN),
        ("listed_group", groups, Problem.LISTED_GROUP_FOREIGN),
    ):
        recode(server, step, {(name, foreign): _UNKNOWN[step] for name in operations})


@deviation(33)
def returns_20004_for_unknown_groups_to_add(server: Server) -> None:
    """An unknown group that a member is added to is 20004, and the message does not name it."""
    recode(
        server,
        "listed_group",
        {("add-member-groups", Problem.LISTED_GROUP_UNKNOWN): Problem.GROUP_UNKNOWN},
    )


@deviation(136, only="2021-11")
def returns_20002_for_members_of_switches(server: Server) -> None:
    """An unknown member in the body of a switch is 20002."""
    recode(
        server,
        "listed_member",
        {
            (name, Problem.LISTED_MEMBER_UNKNOWN): Problem.MEMBER_UNKNOWN
            for name in ("create-switch", "update-switch-members")
        },
    )


@deviation(42)
def fails_on_repeated_rows(server: Server) -> None:
    """A row listed twice to add or overwrite is 500; overwriting has emptied the list by then."""
    memberships = server.endpoints["memberships"]

    def listed(original: Original, call: Call, **rest: Any) -> list[Member] | list[Group]:
        rows: list[Member] | list[Group] = original(call, **rest)
        if call.path.endswith("/remove"):
            return rows
        new = rows if call.path.endswith("/overwrite") else [*_new_members(server, call, rows)]
        if len(set(new)) == len(new):
            return rows
        if call.path.endswith("/overwrite"):
            _empty(server, call)
        raise Rejected(Problem.INTERNAL)

    wrap(memberships, "members", listed)
    wrap(memberships, "groups", listed)


def _new_members(
    server: Server, call: Call, rows: list[Member] | list[Group]
) -> Iterator[Member | Group]:
    """Yield the listed rows that are not in the list yet."""
    for row in rows:
        if "group" in call.params:
            there = row.uuid in server.references.group(call.params["group"]).members
        else:
            members = cast("Group", row).members
            there = server.references.member(call.params["member"]).uuid in members
        if not there:
            yield row


def _empty(server: Server, call: Call) -> None:
    if "group" in call.params:
        server.references.group(call.params["group"]).members.clear()
    else:
        member = server.references.member(call.params["member"])
        for group in member.system.groups.values():
            group.members.pop(member.uuid, None)


@deviation(160, only="2021-11", step="bodies.refs")
def fails_on_null_in_lists(server: Server, original: Original, call: Call, **rest: Any) -> object:
    """A null among the refs of a list is 500."""
    value = server.bodies.content(call)
    if isinstance(value, list) and None in value:
        raise Rejected(Problem.INTERNAL)
    return original(call, **rest)


@deviation(92, step="switches.members")
def compares_listed_members_as_text(
    server: Server, _original: Original, refs: list[str], call: Call
) -> list[Member]:
    """A member that a switch lists under both of its ids is stored twice."""
    if len(set(refs)) < len(refs):
        raise Rejected(Problem.DUPLICATE_MEMBERS)
    return server.references.listed_members(refs, call)


@deviation(96, step="switches.switch")
def edits_members_of_any_switch(
    server: Server, original: Original, call: Call, system: System, **rest: Any
) -> object:
    """The members of a switch of another system can be replaced."""
    if name_of(call) == "update-switch-members":
        found = server.store.switches.get(canonical_uuid(call.params["switch"]) or "")
        if found is not None:
            return found
    return original(call, system, **rest)


@deviation(135, only="2021-11")
def accepts_duplicate_members_of_switches(server: Server) -> None:
    """PATCH of the members of a switch lets duplicates through; a bad switch id is 20007."""
    switches = server.endpoints["switches"]

    def members(original: Original, refs: list[str], call: Call) -> list[Member]:
        patched = name_of(call) == "update-switch-members"
        find = server.references.listed_members if patched else original
        found: list[Member] = find(refs, call)
        return found

    def switch(original: Original, call: Call, system: System, **rest: Any) -> object:
        bad = canonical_uuid(call.params["switch"]) is None
        if bad and name_of(call) == "update-switch-members":
            raise Rejected(Problem.SWITCH_UNKNOWN)
        return original(call, system, **rest)

    wrap(switches, "members", members)
    wrap(switches, "switch", switch)
