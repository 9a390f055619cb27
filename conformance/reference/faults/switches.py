"""Faults: the switch history, its list, and the fronters."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from conformance.reference import moments
from conformance.reference.errors import Problem, Refused
from conformance.reference.faults.registry import fault
from conformance.reference.identifiers import canonical_uuid
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.responses import Response

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Member, Switch, System
    from conformance.reference.steps import Original


def _replace(server: Server, step: str, answer: object) -> None:
    """Let one step of the switches do nothing but return a value."""
    wrap(server.endpoints["switches"], step, lambda _original, *_arguments: answer)


def _lists(server: Server, kept: int | None, *, shifted: int = 0) -> None:
    """Take another limit than the one asked for."""
    wrap(server.queries, "limit", lambda original, call: (kept or original(call)) + shifted)


@fault("switches_ignore_limit", trips=["get-switches-limit"])
def _(server: Server) -> None:
    """The list of switches ignores limit."""
    _lists(server, 100)


@fault("switches_list_one_too_many", trips=["get-switches-limit"])
def _(server: Server) -> None:
    """The list of switches holds one more than limit."""
    _lists(server, None, shifted=1)


@fault("switches_list_one_too_few", trips=["get-switches-limit"])
def _(server: Server) -> None:
    """The list of switches holds one less than limit."""
    _lists(server, None, shifted=-1)


@fault("switches_ignore_before", trips=["get-switches-before", "get-switches-pagination"])
def _(server: Server) -> None:
    """The list of switches ignores before."""
    wrap(server.queries, "before", lambda _original, _call: moments.now())


@fault("switches_list_after_before", trips=["get-switches-before", "get-switches-pagination"])
def _(server: Server) -> None:
    """The list of switches starts at before instead of ending there."""

    def switches(_original: Original, system: System, before: datetime, limit: int) -> list[Switch]:
        return [row for row in system.switches if row.timestamp >= before][:limit][::-1]

    wrap(server.lists, "switches", switches)


@fault("switches_page_from_oldest", trips=["get-switches-pagination"])
def _(server: Server) -> None:
    """The list of switches begins with the oldest."""

    def switches(_original: Original, system: System, before: datetime, limit: int) -> list[Switch]:
        return [row for row in system.switches if row.timestamp < before][:limit]

    wrap(server.lists, "switches", switches)


@fault("switches_page_skips_one", trips=["get-switches-pagination"])
def _(server: Server) -> None:
    """Each page of switches leaves out the one right before it."""

    def before(original: Original, call: Call) -> datetime:
        found: datetime = original(call)
        return found - timedelta(seconds=61)

    wrap(server.queries, "before", before)


@fault("switches_list_objects", trips=["switch-members-ids-in-list"])
def _(server: Server) -> None:
    """The list of switches shows member objects."""

    def listed(original: Original, row: Switch) -> dict[str, Any]:
        shown: dict[str, Any] = original(row)
        return shown | {"members": server.presenter.members(row.members, row.system, "switch")}

    wrap(server.presenter, "listed_switch", listed)


@fault("fronters_are_ids", trips=["switch-members-objects-in-fronters"])
def _(server: Server) -> None:
    """The fronters are shown by id."""
    presenter = server.presenter

    def fronters(_original: Original, call: Call) -> dict[str, Any] | None:
        switches = server.references.system(call.params["system"], call.caller).switches
        return presenter.listed_switch(switches[-1]) if switches else None

    wrap(server.endpoints["switches"], "fronters", fronters)


@fault(
    "fronters_are_of_oldest_switch",
    trips=["create-switch-becomes-fronters", "create-switch-empty-members"],
)
def _(server: Server) -> None:
    """The fronters are those of the oldest switch."""

    def fronters(_original: Original, call: Call) -> dict[str, Any] | None:
        switches = server.references.system(call.params["system"], call.caller).switches
        return server.presenter.switch(switches[0], call.caller, "fronters") if switches else None

    wrap(server.endpoints["switches"], "fronters", fronters)


@fault("no_fronters_is_empty_object", trips=["get-fronters-none-204"])
def _(server: Server) -> None:
    """Without any switch the fronters are an empty object."""
    wrap(server.endpoints["switches"], "fronters", lambda original, call: original(call) or {})


@fault("no_fronters_is_404", trips=["get-fronters-none-204"])
def _(server: Server) -> None:
    """Without any switch the fronters are 404."""

    def fronters(original: Original, call: Call) -> object:
        answer: object = original(call)
        if answer is None:
            raise Refused(Problem.SWITCH_UNAVAILABLE)
        return answer

    wrap(server.endpoints["switches"], "fronters", fronters)


@fault("switch_ids_are_numbers", trips=["switch-id-uuid"])
def _(server: Server) -> None:
    """The list of switches shows numbers for ids."""

    def listed(original: Original, row: Switch) -> dict[str, Any]:
        shown: dict[str, Any] = original(row)
        return shown | {"id": str(int(row.timestamp.timestamp()))}

    wrap(server.presenter, "listed_switch", listed)


@fault("switch_timestamps_are_numbers", trips=["switch-timestamp-datetime"])
def _(server: Server) -> None:
    """Timestamps of switches are seconds since 1970."""

    def frame(original: Original, row: Switch) -> dict[str, Any]:
        shown: dict[str, Any] = original(row)
        return shown | {"timestamp": row.timestamp.timestamp()}

    wrap(server.presenter, "switch_frame", frame)


@fault("switch_members_are_an_object", trips=["switch-members-ids-or-objects"])
def _(server: Server) -> None:
    """One switch shows its members under their ids."""

    def show(original: Original, call: Call) -> dict[str, Any]:
        shown: dict[str, Any] = original(call)
        return shown | {"members": {member["id"]: member for member in shown["members"]}}

    wrap(server.endpoints["switches"], "show", show)


@fault("new_switch_ignores_timestamp", trips=["create-switch-timestamp-used"])
def _(server: Server) -> None:
    """A new switch starts now, whatever its body says."""
    _replace(server, "timestamp", None)


@fault("new_switch_needs_timestamp", trips=["create-switch-timestamp-optional"])
def _(server: Server) -> None:
    """A new switch without a timestamp is refused."""
    switches = server.endpoints["switches"]
    wrap(switches, "create", lambda original, call: switches.new_timestamp(call) and original(call))  # type: ignore[attr-defined]


@fault("new_switch_starts_a_day_ago", trips=["create-switch-timestamp-default-now"])
def _(server: Server) -> None:
    """A new switch without a timestamp starts a day ago."""

    def add(
        original: Original, system: System, timestamp: datetime, members: list[Member]
    ) -> Switch:
        recent = moments.now() - timestamp < timedelta(hours=1)
        added: Switch = original(system, timestamp - timedelta(days=recent), members)
        return added

    wrap(server.store, "add_switch", add)


@fault("new_switch_needs_no_members", trips=["create-switch-members-required"])
def _(server: Server) -> None:
    """A new switch without members is a switch-out."""

    def refs(original: Original, body: dict[str, Any]) -> list[str]:
        listed: list[str] = original({"members": []} | body)
        return listed

    wrap(server.endpoints["switches"], "listed_refs", refs)


@fault("new_switch_needs_a_member", trips=["create-switch-empty-members"])
def _(server: Server) -> None:
    """A new switch with an empty member list is refused."""

    def refs(original: Original, body: dict[str, Any]) -> list[str]:
        listed: list[str] = original(body)
        if not listed:
            raise Refused(Problem.BAD_REQUEST, "nobody is listed")
        return listed

    wrap(server.endpoints["switches"], "listed_refs", refs)


@fault("new_switch_takes_short_ids_alone", trips=["create-switch-short-ids-or-uuids"])
def _(server: Server) -> None:
    """A body that lists members by UUID is refused."""

    def listed(original: Original, ref: str, call: Call) -> Member:
        if "-" in ref:
            raise Refused(Problem.LISTED_MEMBER_UNKNOWN, ref)
        member: Member = original(ref, call)
        return member

    wrap(server.references, "listed_member", listed)


@fault("switch_takes_duplicates", trips=["err-40003"])
def _(server: Server) -> None:
    """A member can be listed twice."""

    def members(_original: Original, refs: list[str], call: Call) -> list[Member]:
        return server.references.listed_members(refs, call)

    wrap(server.endpoints["switches"], "members", members)


@fault("switch_takes_same_fronters", trips=["err-40004"])
def _(server: Server) -> None:
    """A switch to those who front already is logged."""
    _replace(server, "check_different", None)


@fault("switch_takes_taken_timestamp", trips=["err-40005"])
def _(server: Server) -> None:
    """Two switches can have the same timestamp."""
    _replace(server, "check_free", None)


@fault("switch_refusals_have_one_code", trips=["err-40003", "err-40004", "err-40005"])
def _(server: Server) -> None:
    """Switches that cannot be logged are all refused with the code 40001."""
    codes = (Problem.DUPLICATE_MEMBERS, Problem.SAME_FRONTERS, Problem.TIMESTAMP_TAKEN)

    def body(original: Original, refused: Refused) -> dict[str, Any]:
        told: dict[str, Any] = original(refused)
        return told | {"code": 40001} if refused.problem in codes else told

    wrap(server.errors, "body", body)


@fault("switch_ref_is_unknown_when_no_uuid", trips=["err-40006"])
def _(server: Server) -> None:
    """A switch ref that is no UUID is answered 404."""

    def uuid(original: Original, ref: str) -> str:
        try:
            found: str = original(ref)
        except Refused:
            raise Refused(Problem.SWITCH_UNAVAILABLE) from None
        return found

    wrap(server.references, "switch_uuid", uuid)


@fault("switch_ref_is_any_text", trips=["switchref-must-be-uuid", "err-40006"])
def _(server: Server) -> None:
    """A switch ref that is no UUID names the current switch."""

    def switch(original: Original, ref: str, system: System, unknown: Problem) -> Switch:
        known = canonical_uuid(ref) is not None or not system.switches
        found: Switch = original(ref, system, unknown) if known else system.switches[-1]
        return found

    wrap(server.references, "switch", switch)


@fault("unknown_switch_is_20001", trips=["err-20007", "err-20008"])
def _(server: Server) -> None:
    """A switch that does not exist has the code of a system that does not."""

    def switch(original: Original, ref: str, system: System, _unknown: Problem) -> Switch:
        found: Switch = original(ref, system, Problem.SYSTEM_UNKNOWN)
        return found

    wrap(server.references, "switch", switch)


@fault("switch_of_another_system_is_shown", trips=["switch-of-another-system-404"])
def _(server: Server) -> None:
    """A switch is found below every system."""

    def switch(original: Original, ref: str, system: System, unknown: Problem) -> Switch:
        found = server.store.switches.get(ref)
        return found or original(ref, system, unknown)

    wrap(server.references, "switch", switch)


@fault("moved_switch_stays", trips=["update-switch-timestamp"])
def _(server: Server) -> None:
    """PATCH of a switch answers with the new time, and does not store it."""

    def update(original: Original, call: Call) -> dict[str, Any]:
        switches = server.endpoints["switches"]
        old = server.references.switch(
            call.params["switch"],
            switches.own_system(call),
            Problem.SWITCH_UNAVAILABLE,
        )
        time = old.timestamp
        shown: dict[str, Any] = original(call)
        server.store.move_switch(old, time)
        return shown

    wrap(server.endpoints["switches"], "update", update)


@fault("moved_switch_shows_ids", trips=["update-switch-timestamp"])
def _(server: Server) -> None:
    """PATCH of a switch answers with ids instead of member objects."""

    def update(original: Original, call: Call) -> dict[str, Any]:
        shown: dict[str, Any] = original(call)
        return shown | {"members": [member["id"] for member in shown["members"]]}

    wrap(server.endpoints["switches"], "update", update)


@fault("move_needs_no_timestamp", trips=["update-switch-timestamp-required"])
def _(server: Server) -> None:
    """PATCH of a switch without a timestamp moves it to the present."""
    switches = server.endpoints["switches"]

    def moved(_original: Original, call: Call) -> datetime:
        body = server.bodies.mapping(call)
        return switches.timestamp(call, body) or moments.now()  # type: ignore[attr-defined]

    wrap(switches, "new_timestamp", moved)


@fault("changed_members_are_added", trips=["update-switch-members"])
def _(server: Server) -> None:
    """PATCH of the members of a switch adds them to those that it has."""

    def update(original: Original, call: Call) -> dict[str, Any]:
        switch = server.store.switches.get(call.params["switch"])
        before = list(switch.members) if switch else []
        original(call)
        assert switch  # noqa: S101 - or it would have been refused
        switch.members = before + [row for row in switch.members if row not in before]
        return server.presenter.switch(switch, call.caller, "switch")

    wrap(server.endpoints["switches"], "update_members", update)


@fault("delete_switch_answers_200", trips=["delete-switch-204"])
def _(server: Server) -> None:
    """DELETE of a switch answers 200 with an object."""
    wrap(server.endpoints["switches"], "delete", lambda original, call: original(call) or {})


@fault("delete_switch_does_nothing", trips=["deleted-switch-is-gone"])
def _(server: Server) -> None:
    """DELETE of a switch answers 204 and keeps the switch."""
    wrap(server.store, "delete_switch", lambda _original, _switch: None)


@fault("switches_need_me", trips=["switch-systemref-any-form"])
def _(server: Server) -> None:
    """Switches are only written under @me."""

    def writable(original: Original, call: Call) -> System:
        if call.params["system"] != "@me":
            raise Refused(Problem.NO_ROUTE)
        system: System = original(call)
        return system

    wrap(server.endpoints["switches"], "writable_system", writable)


@fault("switches_leave_out_accounts", trips=["switch-systemref-any-form"])
def _(server: Server) -> None:
    """A Discord account names the system, but not for its switches."""

    def serve(original: Original, call: Call) -> Response:
        if "/switches" in call.path and call.path.split("/")[3].isdigit():
            return server.errors.response(Refused(Problem.SYSTEM_UNKNOWN))
        response: Response = original(call)
        return response

    wrap(server, "serve", serve)
