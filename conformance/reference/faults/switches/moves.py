"""Faults: PATCH of the timestamp of a switch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference import moments
from conformance.reference.errors import Problem
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from datetime import datetime

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Switch, System
    from conformance.reference.steps import Original


@fault("update-switch-timestamp", step="switches.update")
def moved_switch_stays(server: Server, original: Original, call: Call) -> dict[str, Any]:
    """PATCH of a switch returns the new time, and does not store it."""
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


@fault("update-switch-timestamp", step="switches.update")
def moved_switch_shows_ids(original: Original, call: Call) -> dict[str, Any]:
    """PATCH of a switch returns ids instead of member objects."""
    shown: dict[str, Any] = original(call)
    return shown | {"members": [member["id"] for member in shown["members"]]}


@fault("update-switch-timestamp", step="switches.update")
def moved_switch_shows_its_old_time(
    server: Server, original: Original, call: Call
) -> dict[str, Any]:
    """PATCH of a switch stores the new time, and returns the one before."""
    system = server.endpoints["switches"].own_system(call)
    switch = server.references.switch(call.params["switch"], system, Problem.SWITCH_UNAVAILABLE)
    before = moments.show(switch.timestamp)
    shown: dict[str, Any] = original(call)
    return shown | {"timestamp": before}


@fault("update-switch-timestamp-required")
def move_needs_no_timestamp(server: Server) -> None:
    """PATCH of a switch without a timestamp moves it to the present."""
    switches = server.endpoints["switches"]

    def moved(_original: Original, call: Call) -> datetime:
        body = server.bodies.mapping(call)
        return switches.timestamp(call, body) or moments.now()  # type: ignore[attr-defined] # an endpoint that a fault reaches into

    wrap(switches, "new_timestamp", moved)


@fault("update-switch-timestamp", step="switches.timestamp")
def moved_switch_ignores_offset(original: Original, call: Call, body: dict[str, Any]) -> object:
    """PATCH of a switch reads a time of any zone as one of UTC."""
    text = body.get("timestamp")
    sent = {"timestamp": f"{text[:19]}Z"} if isinstance(text, str) and "+" in text else {}
    return original(call, body | sent)


@fault("get-switches-newest-first", step="store.move_switch")
def moved_switch_keeps_its_place(_original: Original, switch: Switch, timestamp: datetime) -> None:
    """A switch that was moved is listed where it was before."""
    switch.timestamp = timestamp


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


@fault("update-switch-timestamp-required", step="switches.new_timestamp")
def moves_to_null_for_now(server: Server, original: Original, call: Call) -> Any:
    """PATCH of a switch with null for its timestamp moves it to the present."""
    body = server.bodies.mapping(call)
    return moments.now() if body.get("timestamp", "") is None else original(call)
