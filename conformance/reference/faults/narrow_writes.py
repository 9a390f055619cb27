"""Faults of what is only changed, logged or looked up in one of the ways that the docs allow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.reference import moments
from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from datetime import datetime

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Group, Member, Switch, System
    from conformance.reference.steps import Original

_ZONE = re.compile(r"[+-]\d\d:\d\d$")


@fault("id-accepted-uppercase")
def memberships_take_lower_case_paths(server: Server) -> None:
    """A group or member in upper case is found, but not where its memberships are changed."""

    def own(original: Original, call: Call) -> Any:
        if any(ref != ref.lower() for ref in call.params.values()):
            raise Rejected(Problem.MEMBER_UNKNOWN)
        return original(call)

    for step in ("own_group", "own_member"):
        wrap(server.endpoints["memberships"], step, own)


@fault("memberref-uuid", "groupref-uuid")
def memberships_take_short_paths(server: Server) -> None:
    """A group or member is found by its UUID, but not where its memberships are changed."""

    def own(original: Original, call: Call) -> Any:
        if any(len(ref) > len("abc-def") for ref in call.params.values()):
            raise Rejected(Problem.GROUP_UNKNOWN)
        return original(call)

    for step in ("own_group", "own_member"):
        wrap(server.endpoints["memberships"], step, own)


@fault("systemref-uuid")
def settings_are_written_under_short_names(server: Server) -> None:
    """The settings of a system are not changed under its UUID."""
    _only_short(server, "settings")


@fault("systemref-uuid")
def systems_are_written_under_short_names(server: Server) -> None:
    """A system is not changed under its UUID."""
    _only_short(server, "systems")


def _only_short(server: Server, area: str) -> None:
    def update(original: Original, call: Call) -> Any:
        if len(call.params["system"]) > len("abc-def"):
            raise Rejected(Problem.NOT_YOURS)
        return original(call)

    wrap(server.endpoints[area], "update", update)


@fault("systemref-discord-id")
def systems_are_not_written_under_accounts(server: Server) -> None:
    """A system is not changed under the id of a Discord account."""

    def update(original: Original, call: Call) -> Any:
        if call.params["system"].isdigit():
            raise Rejected(Problem.NOT_YOURS)
        return original(call)

    wrap(server.endpoints["systems"], "update", update)


@fault("deleted-member-is-gone")
def deleted_member_stays_among_uuids(server: Server) -> None:
    """With with_members a group still has the UUIDs of members that were deleted."""
    ghosts: dict[str, list[str]] = {}

    def delete(original: Original, member: Member) -> None:
        for group in member.system.groups.values():
            if member.uuid in group.members:
                ghosts.setdefault(group.uuid, []).append(member.uuid)
        original(member)

    def uuids(original: Original, row: Group, viewer: System | None) -> list[str]:
        return [*original(row, viewer), *ghosts.get(row.uuid, [])]

    wrap(server.store, "delete_member", delete)
    wrap(server.presenter, "member_uuids", uuids)


@fault("deleted-member-is-gone")
def deleted_member_stays_in_groups(server: Server) -> None:
    """A group still lists members that were deleted."""

    def delete(original: Original, member: Member) -> None:
        groups = [row for row in member.system.groups.values() if member.uuid in row.members]
        original(member)
        for group in groups:
            group.members[member.uuid] = member

    wrap(server.store, "delete_member", delete)


@fault("deleted-group-is-gone")
def deleted_group_stays_with_members(server: Server) -> None:
    """A member still shows groups that were deleted."""
    ghosts: list[Group] = []

    def delete(original: Original, group: Group) -> None:
        ghosts.append(group)
        original(group)

    def groups(original: Original, member: Member, viewer: System | None) -> list[Group]:
        return [*original(member, viewer), *(row for row in ghosts if member.uuid in row.members)]

    wrap(server.store, "delete_group", delete)
    wrap(server.lists, "member_groups", groups)


@fault("get-groups-without-members")
def lists_members_when_declined(server: Server) -> None:
    """Any value of with_members, false among them, asks for the members."""

    def flag(_: Original, call: Call, name: str) -> bool:
        return server.queries.value(call, name) is not None

    wrap(server.queries, "flag", flag)


@fault("get-switches-limit")
def takes_limit_of_none_for_missing(server: Server) -> None:
    """With limit=0 the list holds as many switches as without limit."""
    wrap(server.queries, "limit", lambda original, call: original(call) or 100)


@fault("get-switches-before")
def before_has_no_zone(server: Server) -> None:
    """The time of before is read as one of UTC, whatever its zone."""

    def before(original: Original, call: Call) -> Any:
        call.query["before"] = _ZONE.sub("Z", call.query.get("before", moments.show(moments.now())))
        return original(call)

    wrap(server.queries, "before", before)


@fault("create-switch-timestamp-used")
def new_switch_has_no_zone(server: Server) -> None:
    """The timestamp of a new switch is read as one of UTC, whatever its zone."""

    def timestamp(original: Original, call: Call, body: dict[str, Any]) -> Any:
        if call.method == "POST" and isinstance(body.get("timestamp"), str):
            body = body | {"timestamp": _ZONE.sub("Z", body["timestamp"])}
        return original(call, body)

    wrap(server.endpoints["switches"], "timestamp", timestamp)


@fault("update-switch-timestamp")
def moved_switch_keeps_its_old_time_taken(server: Server) -> None:
    """No switch can be logged at a time from which another one was moved away."""
    times: list[tuple[System, datetime]] = []

    def move(original: Original, switch: Switch, timestamp: datetime) -> None:
        times.append((switch.system, switch.timestamp))
        original(switch, timestamp)

    def at(original: Original, system: System, timestamp: datetime) -> object:
        return original(system, timestamp) or (system, timestamp) in times

    wrap(server.store, "move_switch", move)
    wrap(server.store, "switch_at", at)


@fault("update-switch-timestamp-required")
def moves_to_null_for_now(server: Server) -> None:
    """PATCH of a switch with null for its timestamp moves it to the present."""

    def timestamp(original: Original, call: Call) -> Any:
        body = server.bodies.mapping(call)
        return moments.now() if body.get("timestamp", "") is None else original(call)

    wrap(server.endpoints["switches"], "new_timestamp", timestamp)


@fault("switch-members-in-given-order")
def sorts_changed_members(server: Server) -> None:
    """The members that a PATCH gives a switch are stored in the order of their ids."""

    def members(original: Original, refs: list[str], call: Call) -> list[Member]:
        rows: list[Member] = original(refs, call)
        return sorted(rows, key=lambda row: row.short_id) if call.method == "PATCH" else rows

    wrap(server.endpoints["switches"], "members", members)


@fault("err-20003")
def switches_pass_over_unknown_members(server: Server) -> None:
    """A switch with a member that does not exist is logged without it."""

    def members(original: Original, refs: list[str], call: Call) -> list[Member]:
        known: list[Member] = original(
            [ref for ref in refs if server.store.members.find(ref)], call
        )
        return known

    wrap(server.endpoints["switches"], "members", members)


@fault("id-accepted-uppercase")
def changed_members_take_stored_id_format(server: Server) -> None:
    """PATCH of the members of a switch rejects ids that are not written as they are stored."""

    def members(original: Original, refs: list[str], call: Call) -> list[Member]:
        for ref in refs:
            if ref not in server.store.members:
                raise Rejected(Problem.LISTED_MEMBER_UNKNOWN, ref)
        rows: list[Member] = original(refs, call)
        return rows

    wrap(server.endpoints["switches"], "members", members)


@fault("create-switch-empty-members")
def switch_out_has_no_fronters(server: Server) -> None:
    """The fronters after a switch-out return 204, as if there were no switch."""

    def fronters(original: Original, call: Call) -> dict[str, Any] | None:
        shown: dict[str, Any] | None = original(call)
        return shown if shown and shown["members"] else None

    wrap(server.endpoints["switches"], "fronters", fronters)


@fault("user-agent-required")
def needs_user_agent_of_reads(server: Server) -> None:
    """Writes are served without a User-Agent."""
    wrap(server.user_agents, "check", lambda check, call: call.method == "GET" and check(call))


@fault("user-agent-required")
def needs_user_agent_of_systems(server: Server) -> None:
    """Only what lies below /systems needs a User-Agent."""
    wrap(server.user_agents, "check", lambda check, call: "/systems" in call.path and check(call))


@fault("user-agent-required")
def needs_user_agent_with_token(server: Server) -> None:
    """Requests without a token are served without a User-Agent."""
    wrap(server.user_agents, "check", lambda check, call: call.token and check(call))
