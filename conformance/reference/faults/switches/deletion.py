"""Faults: what DELETE does to switches."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from datetime import datetime

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Member, Switch, System
    from conformance.reference.steps import Original


@fault("delete-switch-204", step="switches.delete")
def delete_switch_returns_200(original: Original, call: Call) -> object:
    """DELETE of a switch returns 200 with an object."""
    return original(call) or {}


@fault("deleted-switch-is-gone", step="store.delete_switch")
def delete_switch_does_nothing(_original: Original, _switch: object) -> None:
    """DELETE of a switch returns 204 and keeps the switch."""


@fault("deleted-switch-is-gone", step="store.delete_switch")
def delete_switch_deletes_the_day(original: Original, switch: Switch) -> None:
    """DELETE of a switch deletes those of the hour after it, too."""
    end = switch.timestamp + timedelta(hours=1)
    for row in [row for row in switch.system.switches if switch.timestamp <= row.timestamp <= end]:
        original(row)


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

    def added(original: Original, system: System, *given: Any) -> object:
        last.pop(system.uuid, None)
        return original(system, *given)

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
