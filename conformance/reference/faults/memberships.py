"""Faults: which member is in which group, what lists of members and groups hold, and what deleting does."""

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
    from conformance.reference.entities import Entity, Group, Member, System
    from conformance.reference.steps import Original

_SIDES = {"members": "group-members", "groups": "member-groups"}
_VERBS = ("add", "remove", "overwrite")
_LISTED = {
    "listed_member": (Problem.LISTED_MEMBER_UNKNOWN, "member-refs-by-uuid", "err-20003"),
    "listed_group": (Problem.LISTED_GROUP_UNKNOWN, "group-refs-by-uuid", "err-20005"),
}


def _say_yes(verb: str, side: str, server: Server) -> None:
    memberships: Any = server.endpoints["memberships"]

    def handler(_original: Original, call: Call) -> None:
        memberships.own_group(call) if side == "members" else memberships.own_member(call)
        getattr(memberships, side)(call, empty_allowed=verb == "overwrite")

    wrap(memberships, f"{verb}_{side}", handler)


def _say_200(verb: str, side: str, server: Server) -> None:
    def handler(original: Original, call: Call) -> object:
        original(call)
        return {}

    wrap(server.endpoints["memberships"], f"{verb}_{side}", handler)


for _side, _rule in _SIDES.items():
    for _verb in _VERBS:
        add(
            f"only_pretends_to_{_verb}_{_side}",
            f"A request to {_verb} {_side} returns 204 and changes nothing.",
            [f"{_verb}-{_rule}-takes-effect"],
            partial(_say_yes, _verb, _side),
        )
        add(
            f"answers_{_verb}_{_side}_with_200",
            f"A request to {_verb} {_side} returns 200 with an object.",
            [f"{_verb}-{_rule}-204"],
            partial(_say_200, _verb, _side),
        )


@fault("add-group-members-takes-effect", "add-member-groups-takes-effect")
def replaces_on_add(server: Server) -> None:
    """Adding does what overwriting should do."""
    memberships: Any = server.endpoints["memberships"]
    for side in _SIDES:
        wrap(memberships, f"add_{side}", partial(_instead, f"overwrite_{side}", memberships))


@fault(
    "overwrite-group-members-takes-effect",
    "overwrite-member-groups-takes-effect",
    "overwrite-group-members-empty",
    "overwrite-member-groups-empty",
)
def adds_on_overwrite(server: Server) -> None:
    """Overwriting takes nobody out."""
    memberships: Any = server.endpoints["memberships"]

    def overwrite(_original: Original, call: Call, *, side: str) -> None:
        if server.bodies.refs(call):
            getattr(memberships, f"add_{side}")(call)

    for side in _SIDES:
        wrap(memberships, f"overwrite_{side}", partial(overwrite, side=side))


def _instead(handler: str, memberships: Any, _original: Original, call: Call) -> object:
    response: object = getattr(memberships, handler)(call)
    return response


@fault("remove-group-members-takes-effect", "remove-member-groups-takes-effect")
def removes_all_on_remove(server: Server) -> None:
    """Removing some takes all out."""

    def remove_members(original: Original, call: Call) -> None:
        original(call)
        server.references.group(call.params["group"]).members.clear()

    def remove_groups(original: Original, call: Call) -> None:
        original(call)
        member = server.references.member(call.params["member"])
        for group in member.system.groups.values():
            group.members.pop(member.uuid, None)

    wrap(server.endpoints["memberships"], "remove_members", remove_members)
    wrap(server.endpoints["memberships"], "remove_groups", remove_groups)


@fault("overwrite-group-members-empty", "overwrite-member-groups-empty")
def ignores_empty_overwrite(server: Server) -> None:
    """Overwriting with an empty list returns 204 and changes nothing."""
    for side in _SIDES:
        wrap(
            server.endpoints["memberships"],
            f"overwrite_{side}",
            lambda original, call: original(call) if server.bodies.refs(call) else None,
        )


@fault("overwrite-group-members-empty", "overwrite-member-groups-empty")
def rejects_empty_overwrite(server: Server) -> None:
    """Overwriting with an empty list is rejected."""
    wrap(
        server.bodies,
        "refs",
        lambda original, call, *, empty_allowed=True: original(
            call, empty_allowed=empty_allowed and not call.path.endswith("/overwrite")
        ),
    )


@fault("membership-symmetric")
def shows_memberships_of_groups_alone(server: Server) -> None:
    """A member shows no groups that it was put into from the side of the group."""
    hidden: set[tuple[Group, Member]] = set()
    memberships: Any = server.endpoints["memberships"]

    def add_members(original: Original, call: Call) -> None:
        original(call)
        group = server.references.group(call.params["group"])
        hidden.update((group, member) for member in group.members.values())

    def add_groups(original: Original, call: Call) -> None:
        original(call)
        member = server.references.member(call.params["member"])
        hidden.difference_update((group, member) for group in member.system.groups.values())

    def member_groups(original: Original, member: Member, viewer: System | None) -> list[Group]:
        return [group for group in original(member, viewer) if (group, member) not in hidden]

    wrap(memberships, "add_members", add_members)
    wrap(memberships, "add_groups", add_groups)
    wrap(memberships, "overwrite_groups", add_groups)
    wrap(server.lists, "member_groups", member_groups)


def _only_short_ids(step: str, server: Server) -> None:
    def find(original: Original, ref: str, call: Call) -> object:
        if canonical_uuid(ref):
            raise Rejected(_LISTED[step][0], ref)
        return original(ref, call)

    wrap(server.references, step, find)


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


def _recode(step: str, server: Server) -> None:
    def body(original: Original, rejected: Rejected) -> dict[str, Any]:
        reported: dict[str, Any] = original(rejected)
        return reported | ({"code": 0} if rejected.problem is _LISTED[step][0] else {})

    wrap(server.errors, "body", body)


for _step, (_problem, _by_uuid, _code) in _LISTED.items():
    add(
        f"finds_{_step}_by_short_id_alone",
        f"A {_step.replace('_', ' ')} is not found by its UUID.",
        [_by_uuid],
        partial(_only_short_ids, _step),
    )
    add(
        f"ignores_unknown_{_step}",
        f"An unknown {_step.replace('_', ' ')} is passed over.",
        [_code],
        partial(_ignore_unknown, _step),
    )
    add(
        f"answers_unknown_{_step}_with_code_0",
        f"An unknown {_step.replace('_', ' ')} is 404 with the code 0.",
        [_code],
        partial(_recode, _step),
    )


@fault("listed-ref-named-in-message")
def does_not_name_listed_refs(server: Server) -> None:
    """The message about an entry of a list does not say which."""

    def body(original: Original, rejected: Rejected) -> dict[str, Any]:
        rejected.ref = ""
        reported: dict[str, Any] = original(rejected)
        return reported

    wrap(server.errors, "body", body)


@fault("get-groups-with-members")
def lists_members_by_short_id(server: Server) -> None:
    """With with_members a group has the short ids of its members."""

    def shown(original: Original, row: Group, viewer: System | None) -> list[str]:
        return [row.members[uuid].short_id for uuid in original(row, viewer)]

    wrap(server.presenter, "member_uuids", shown)


@fault("get-groups-with-members")
def lists_members_of_some_groups(server: Server) -> None:
    """With with_members an empty group has no key members."""

    def shown(original: Original, row: Group, viewer: System | None) -> dict[str, Any]:
        found: dict[str, Any] = original(row, viewer)
        return found if found["members"] else server.presenter.group(row, viewer, "list")

    wrap(server.presenter, "group_with_members", shown)


@fault("get-groups-with-members", "query-params-need-value")
def ignores_with_members(server: Server) -> None:
    """The parameter with_members is not read."""
    wrap(server.queries, "flag", lambda _original, _call, _name: False)


@fault("get-groups-without-members")
def always_lists_members_of_groups(server: Server) -> None:
    """Listed groups have the key members, asked for or not."""
    wrap(server.queries, "flag", lambda original, call, name: original(call, name) or True)


@fault("group-list-privacy-covers-with-members")
def reports_members_of_closed_groups(server: Server) -> None:
    """With with_members everybody sees the members of a group whose list is private."""
    wrap(
        server.presenter,
        "member_uuids",
        lambda _original, row, _viewer: list(row.members),
    )


@fault("query-params-optional")
def needs_with_members(server: Server) -> None:
    """The list of groups is rejected without with_members."""

    def flag(original: Original, call: Call, name: str) -> bool:
        if name not in call.query:
            raise Rejected(Problem.BAD_REQUEST, f"{name} is missing")
        return bool(original(call, name))

    wrap(server.queries, "flag", flag)


def _keep(kind: str, server: Server) -> None:
    wrap(server.endpoints[f"{kind}s"], "delete", lambda _original, _call: None)


def _delete_with_200(kind: str, server: Server) -> None:
    def delete(original: Original, call: Call) -> object:
        original(call)
        return {"deleted": True}

    wrap(server.endpoints[f"{kind}s"], "delete", delete)


def _still_found(kind: str, server: Server) -> None:
    deleted: dict[str, Entity] = {}

    def delete(original: Original, row: Entity) -> None:
        deleted[row.short_id] = deleted[row.uuid] = row
        original(row)

    wrap(server.store, f"delete_{kind}", delete)
    wrap(server.references, kind, lambda original, ref: deleted.get(ref) or original(ref))


def _still_listed(kind: str, server: Server) -> None:
    deleted: dict[str, list[Entity]] = {}

    def delete(original: Original, row: Entity) -> None:
        deleted.setdefault(row.owner.uuid, []).append(row)
        original(row)

    def listed(original: Original, system: System, viewer: System | None) -> list[Entity]:
        return [*original(system, viewer), *deleted.get(system.uuid, [])]

    wrap(server.store, f"delete_{kind}", delete)
    wrap(server.lists, f"{kind}s", listed)


def _miss_newest(kind: str, server: Server) -> None:
    def listed(original: Original, system: System, viewer: System | None) -> list[Entity]:
        return list(original(system, viewer)[:-1])

    wrap(server.lists, f"{kind}s", listed)


for _kind in ("member", "group"):
    _gone = [f"deleted-{_kind}-is-gone"]
    for _name, _description, _violated_by, _inject in (
        ("only_pretends_to_delete", "returns 204 and deletes nothing", _gone, _keep),
        ("returns_200_to_delete_of", "returns 200", [f"delete-{_kind}-204"], _delete_with_200),
        ("still_finds_deleted", "leaves it where a path can name it", _gone, _still_found),
        ("still_lists_deleted", "leaves it in the list", _gone, _still_listed),
    ):
        add(
            f"{_name}_{_kind}",
            f"DELETE of a {_kind} {_description}.",
            _violated_by,
            partial(_inject, _kind),
        )
    add(
        f"misses_newest_{_kind}",
        f"The list of a system lacks the {_kind} that was created last.",
        [f"get-{_kind}s-contains-created"],
        partial(_miss_newest, _kind),
    )
