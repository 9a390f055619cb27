"""Faults: how switches are named, moved, changed and deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from conformance.reference import moments
from conformance.reference.errors import Problem, Rejected
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


@fault("err-40006")
def switch_ref_is_unknown_when_no_uuid(server: Server) -> None:
    """A switch ref that is no UUID returns 404."""

    def uuid(original: Original, ref: str) -> str:
        try:
            found: str = original(ref)
        except Rejected:
            raise Rejected(Problem.SWITCH_UNAVAILABLE) from None
        return found

    wrap(server.references, "switch_uuid", uuid)


@fault("switchref-must-be-uuid", "err-40006")
def switch_ref_is_any_text(server: Server) -> None:
    """A switch ref that is no UUID names the current switch."""

    def switch(original: Original, ref: str, system: System, unknown: Problem) -> Switch:
        known = canonical_uuid(ref) is not None or not system.switches
        found: Switch = original(ref, system, unknown) if known else system.switches[-1]
        return found

    wrap(server.references, "switch", switch)


@fault("err-20007", "err-20008")
def unknown_switch_is_20001(server: Server) -> None:
    """A switch that does not exist has the code of a system that does not."""

    def switch(original: Original, ref: str, system: System, _unknown: Problem) -> Switch:
        found: Switch = original(ref, system, Problem.SYSTEM_UNKNOWN)
        return found

    wrap(server.references, "switch", switch)


@fault("switch-of-another-system-404")
def switch_of_another_system_is_shown(server: Server) -> None:
    """A switch is found below every system."""

    def switch(original: Original, ref: str, system: System, unknown: Problem) -> Switch:
        found = server.store.switches.get(ref)
        return found or original(ref, system, unknown)

    wrap(server.references, "switch", switch)


@fault("update-switch-timestamp")
def moved_switch_stays(server: Server) -> None:
    """PATCH of a switch returns the new time, and does not store it."""

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


@fault("update-switch-timestamp")
def moved_switch_shows_ids(server: Server) -> None:
    """PATCH of a switch returns ids instead of member objects."""

    def update(original: Original, call: Call) -> dict[str, Any]:
        shown: dict[str, Any] = original(call)
        return shown | {"members": [member["id"] for member in shown["members"]]}

    wrap(server.endpoints["switches"], "update", update)


@fault("update-switch-timestamp-required")
def move_needs_no_timestamp(server: Server) -> None:
    """PATCH of a switch without a timestamp moves it to the present."""
    switches = server.endpoints["switches"]

    def moved(_original: Original, call: Call) -> datetime:
        body = server.bodies.mapping(call)
        return switches.timestamp(call, body) or moments.now()  # type: ignore[attr-defined] # an endpoint that a fault reaches into

    wrap(switches, "new_timestamp", moved)


@fault("update-switch-members")
def changed_members_are_added(server: Server) -> None:
    """PATCH of the members of a switch adds them to those that it has."""

    def update(original: Original, call: Call) -> dict[str, Any]:
        switch = server.store.switches.get(call.params["switch"])
        before = list(switch.members) if switch else []
        original(call)
        assert switch  # noqa: S101 - or it would have been rejected
        switch.members = before + [row for row in switch.members if row not in before]
        return server.presenter.switch(switch, call.caller, "switch")

    wrap(server.endpoints["switches"], "update_members", update)


@fault("delete-switch-204")
def delete_switch_returns_200(server: Server) -> None:
    """DELETE of a switch returns 200 with an object."""
    wrap(server.endpoints["switches"], "delete", lambda original, call: original(call) or {})


@fault("deleted-switch-is-gone")
def delete_switch_does_nothing(server: Server) -> None:
    """DELETE of a switch returns 204 and keeps the switch."""
    wrap(server.store, "delete_switch", lambda _original, _switch: None)


@fault("switch-systemref-any-form")
def switches_need_me(server: Server) -> None:
    """Switches are only written under @me."""

    def writable(original: Original, call: Call) -> System:
        if call.params["system"] != "@me":
            raise Rejected(Problem.NO_ROUTE)
        system: System = original(call)
        return system

    wrap(server.endpoints["switches"], "writable_system", writable)


@fault("switch-systemref-any-form")
def switches_leave_out_accounts(server: Server) -> None:
    """A Discord account names the system, but not for its switches."""

    def serve(original: Original, call: Call) -> Response:
        if "/switches" in call.path and call.path.split("/")[3].isdigit():
            return server.errors.response(Rejected(Problem.SYSTEM_UNKNOWN))
        response: Response = original(call)
        return response

    wrap(server, "serve", serve)


@fault("update-switch-timestamp")
def moved_switch_ignores_offset(server: Server) -> None:
    """PATCH of a switch takes a time of any zone for one of UTC."""

    def timestamp(original: Original, call: Call, body: dict[str, Any]) -> object:
        text = body.get("timestamp")
        sent = {"timestamp": f"{text[:19]}Z"} if isinstance(text, str) and "+" in text else {}
        return original(call, body | sent)

    wrap(server.endpoints["switches"], "timestamp", timestamp)


@fault("get-switches-newest-first")
def moved_switch_keeps_its_place(server: Server) -> None:
    """A switch that was moved is listed where it was before."""

    def move(_original: Original, switch: Switch, timestamp: datetime) -> None:
        switch.timestamp = timestamp

    wrap(server.store, "move_switch", move)


@fault("update-switch-members-only-own")
def changed_members_of_any_switch(server: Server) -> None:
    """PATCH of the members of a switch reaches those of other systems."""

    def switch(original: Original, call: Call, *given: Any, **rest: Any) -> Switch:
        found = server.store.switches.get(call.params["switch"])
        patched = call.path.endswith("/members") and found is not None
        return found if patched else original(call, *given, **rest)  # type: ignore[return-value] # as the original returns it

    wrap(server.endpoints["switches"], "switch", switch)


@fault("update-switch-members")
def changed_members_lose_all_but_one(server: Server) -> None:
    """PATCH of the members of a switch returns all of them and keeps the first."""

    def update(original: Original, call: Call) -> dict[str, Any]:
        shown: dict[str, Any] = original(call)
        del server.store.switches[call.params["switch"]].members[1:]
        return shown

    wrap(server.endpoints["switches"], "update_members", update)


@fault("deleted-switch-is-gone")
def delete_switch_deletes_the_day(server: Server) -> None:
    """DELETE of a switch takes those of the hour after it along."""

    def delete(original: Original, switch: Switch) -> None:
        end = switch.timestamp + timedelta(hours=1)
        for row in [
            row for row in switch.system.switches if switch.timestamp <= row.timestamp <= end
        ]:
            original(row)

    wrap(server.store, "delete_switch", delete)


@fault("switch-writes-need-me", only="2021-11")
def switches_are_written_under_any_id(server: Server) -> None:
    """Switches are written under any name of the own system."""
    switches = server.endpoints["switches"]
    wrap(switches, "writable_system", lambda _original, call: switches.own_system(call))


@fault("deleted-switch-is-gone")
def deleted_switch_keeps_its_time(server: Server) -> None:
    """The time of a deleted switch is taken for ever."""
    taken: list[Switch] = []

    def delete(original: Original, switch: Switch) -> None:
        taken.append(switch)
        original(switch)

    def switch_at(original: Original, system: System, time: datetime) -> Switch | None:
        gone = [one for one in taken if one.system is system and one.timestamp == time]
        found: Switch | None = original(system, time)
        return found or (gone[0] if gone else None)

    wrap(server.store, "delete_switch", delete)
    wrap(server.store, "switch_at", switch_at)


@fault("deleted-switch-is-gone")
def deleted_switch_still_fronts(server: Server) -> None:
    """Those who fronted when the newest switch was deleted cannot be switched in again."""
    last: dict[str, list[Member]] = {}
    switches: Any = server.endpoints["switches"]

    def delete(original: Original, switch: Switch) -> None:
        if switch is switch.system.switches[-1]:
            last[switch.system.uuid] = switch.members
        original(switch)

    def check(original: Original, latest: Switch, members: list[Member]) -> None:
        if last.get(latest.system.uuid) == members:
            raise Rejected(Problem.SAME_FRONTERS)
        original(latest, members)

    def added(original: Original, system: System, *given: Any) -> Switch:
        last.pop(system.uuid, None)
        switch: Switch = original(system, *given)
        return switch

    wrap(server.store, "delete_switch", delete)
    wrap(server.store, "add_switch", added)
    wrap(switches, "check_different", check)


@fault("deleted-switch-is-gone")
def deleted_switch_counts_for_limit(server: Server) -> None:
    """A deleted switch uses up the limit of the list, in which it is not shown."""
    deleted: list[Switch] = []

    def delete(original: Original, switch: Switch) -> None:
        deleted.append(switch)
        original(switch)

    def listed(original: Original, system: System, before: datetime, limit: int) -> list[Switch]:
        rows: list[Switch] = original(system, before, limit)
        gone = [one for one in deleted if one.system is system and one.timestamp < before]
        every = sorted([*rows, *gone], key=lambda one: one.timestamp, reverse=True)[:limit]
        return [one for one in every if one in rows]

    wrap(server.store, "delete_switch", delete)
    wrap(server.lists, "switches", listed)
