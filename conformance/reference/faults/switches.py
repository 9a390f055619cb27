"""Faults: what switches are, and how they are logged."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from conformance.reference import moments
from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from datetime import datetime

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Member, Switch, System
    from conformance.reference.steps import Original


def _replace(server: Server, step: str, response: object) -> None:
    """Let one step of the switches do nothing but return a value."""
    wrap(server.endpoints["switches"], step, lambda _original, *_arguments: response)


@fault("switch-members-ids-or-objects")
def switch_members_are_an_object(server: Server) -> None:
    """One switch shows its members under their ids."""

    def show(original: Original, call: Call) -> dict[str, Any]:
        shown: dict[str, Any] = original(call)
        return shown | {"members": {member["id"]: member for member in shown["members"]}}

    wrap(server.endpoints["switches"], "show", show)


@fault("create-switch-timestamp-used")
def new_switch_ignores_timestamp(server: Server) -> None:
    """A new switch starts now, whatever its body says."""
    _replace(server, "timestamp", None)


@fault("create-switch-timestamp-optional")
def new_switch_needs_timestamp(server: Server) -> None:
    """A new switch without a timestamp is rejected."""
    switches = server.endpoints["switches"]
    wrap(switches, "create", lambda original, call: switches.new_timestamp(call) and original(call))  # type: ignore[attr-defined] # an endpoint that a fault reaches into


@fault("create-switch-timestamp-default-now")
def new_switch_starts_a_day_ago(server: Server) -> None:
    """A new switch without a timestamp starts a day ago."""

    def add(
        original: Original, system: System, timestamp: datetime, members: list[Member]
    ) -> Switch:
        recent = moments.now() - timestamp < timedelta(hours=1)
        added: Switch = original(system, timestamp - timedelta(days=recent), members)
        return added

    wrap(server.store, "add_switch", add)


@fault("create-switch-members-required")
def new_switch_needs_no_members(server: Server) -> None:
    """A new switch without members is a switch-out."""

    def refs(original: Original, body: dict[str, Any]) -> list[str]:
        listed: list[str] = original({"members": []} | body)
        return listed

    wrap(server.endpoints["switches"], "listed_refs", refs)


@fault("create-switch-empty-members")
def new_switch_needs_a_member(server: Server) -> None:
    """A new switch with an empty member list is rejected."""

    def refs(original: Original, body: dict[str, Any]) -> list[str]:
        listed: list[str] = original(body)
        if not listed:
            raise Rejected(Problem.BAD_REQUEST, "nobody is listed")
        return listed

    wrap(server.endpoints["switches"], "listed_refs", refs)


@fault("create-switch-short-ids-or-uuids")
def new_switch_takes_short_ids_alone(server: Server) -> None:
    """A body that lists members by UUID is rejected."""

    def listed(original: Original, ref: str, call: Call) -> Member:
        if "-" in ref:
            raise Rejected(Problem.LISTED_MEMBER_UNKNOWN, ref)
        member: Member = original(ref, call)
        return member

    wrap(server.references, "listed_member", listed)


@fault("err-40003")
def switch_takes_duplicates(server: Server) -> None:
    """A member can be listed twice."""

    def members(_original: Original, refs: list[str], call: Call) -> list[Member]:
        return server.references.listed_members(refs, call)

    wrap(server.endpoints["switches"], "members", members)


@fault("err-40004")
def switch_takes_same_fronters(server: Server) -> None:
    """A switch to those who front already is logged."""
    _replace(server, "check_different", None)


@fault("err-40005")
def switch_takes_taken_timestamp(server: Server) -> None:
    """Two switches can have the same timestamp."""
    _replace(server, "check_free", None)


@fault("switch-members-in-given-order")
def switch_members_are_sorted(server: Server) -> None:
    """The members of a switch are stored in the order of their ids."""

    def members(original: Original, refs: list[str], call: Call) -> list[Member]:
        return sorted(original(refs, call), key=lambda member: member.short_id)

    wrap(server.endpoints["switches"], "members", members)


@fault("create-switch-timestamp-used")
def new_switch_rounds_up(server: Server) -> None:
    """A new switch with a fraction of a second starts at the next whole one."""

    def add(
        original: Original, system: System, timestamp: datetime, members: list[Member]
    ) -> Switch:
        rest = timedelta(microseconds=-timestamp.microsecond % 10**6)
        added: Switch = original(system, timestamp + rest, members)
        return added

    wrap(server.store, "add_switch", add)


@fault("err-40003")
def rejected_switch_is_logged(server: Server) -> None:
    """A new switch with a member twice is rejected, and logged all the same."""
    switches = server.endpoints["switches"]

    def create(original: Original, call: Call) -> object:
        try:
            return original(call)
        except Rejected as rejected:
            if rejected.problem is Problem.DUPLICATE_MEMBERS:
                body = server.bodies.mapping(call)
                members = server.references.listed_members(body["members"], call)
                time = switches.timestamp(call, body)  # type: ignore[attr-defined] # an endpoint that a fault reaches into
                server.store.add_switch(call.caller, time or moments.now(), members)  # type: ignore[arg-type] # the caller owns a system
            raise

    wrap(switches, "create", create)


@fault("err-40003", "err-40004", "err-40005")
def switch_rejections_have_one_code(server: Server) -> None:
    """Switches that cannot be logged are all rejected with the code 40001."""
    codes = (Problem.DUPLICATE_MEMBERS, Problem.SAME_FRONTERS, Problem.TIMESTAMP_TAKEN)

    def body(original: Original, rejected: Rejected) -> dict[str, Any]:
        reported: dict[str, Any] = original(rejected)
        return reported | {"code": 40001} if rejected.problem in codes else reported

    wrap(server.errors, "body", body)


@fault("err-40004")
def repeated_switch_is_logged(server: Server) -> None:
    """A new switch to those who front already is rejected, and logged all the same."""

    def create(original: Original, call: Call) -> object:
        try:
            return original(call)
        except Rejected as rejected:
            if rejected.problem is Problem.SAME_FRONTERS and call.caller:
                members = list(call.caller.switches[-1].members)
                server.store.add_switch(call.caller, moments.now(), members)
            raise

    wrap(server.endpoints["switches"], "create", create)


@fault("err-40004")
def fronters_are_compared_as_text(server: Server) -> None:
    """A new switch that names those who front already by UUID is logged."""

    def create(original: Original, call: Call) -> object:
        refs = server.bodies.mapping(call).get("members") or []
        if not any("-" in str(ref) for ref in refs):
            return original(call)
        members = server.endpoints["switches"].members(refs, call)  # type: ignore[attr-defined] # an endpoint that a fault reaches into
        body, system = server.bodies.mapping(call), call.caller
        assert system  # noqa: S101 - or its members would not have been found
        time = server.endpoints["switches"].timestamp(call, body)  # type: ignore[attr-defined] # an endpoint that a fault reaches into
        switch = server.store.add_switch(system, time or moments.now(), members)
        return server.presenter.switch(switch, system, "create")

    wrap(server.endpoints["switches"], "create", create)
