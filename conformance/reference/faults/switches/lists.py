"""Faults: which switches the list holds, in which order, and how it shows them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from conformance.reference import moments
from conformance.reference.faults.registry import fault
from conformance.reference.faults.switches.creation import OFFSET
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Switch, System
    from conformance.reference.steps import Original


@fault("get-switches-before", "get-switches-pagination", step="queries.before")
def switches_ignore_before(_original: Original, _call: object) -> object:
    """The list of switches ignores before."""
    return moments.now()


@fault("get-switches-before", "get-switches-pagination", step="lists.switches")
def switches_list_after_before(
    _original: Original, system: System, before: datetime, limit: int
) -> list[Switch]:
    """The list of switches starts at before instead of ending there."""
    return [row for row in system.switches if row.timestamp >= before][:limit][::-1]


def _shift_before(server: Server, shift: Callable[[datetime], datetime]) -> None:
    wrap(server.queries, "before", lambda original, call: shift(original(call)))


@fault("get-switches-before")
def switches_take_before_for_later(server: Server) -> None:
    """The list of switches starts a minute after before."""
    _shift_before(server, lambda found: found + timedelta(minutes=1))


@fault("get-switches-pagination", "get-switches-newest-first")
def switches_cut_before(server: Server) -> None:
    """The list of switches cuts before to whole seconds, and leaves out those of the rest of the second."""
    _shift_before(server, lambda found: found.replace(microsecond=0))


@fault("get-switches-before-inclusive", only="2021-11")
def switches_leave_out_their_own_time(server: Server) -> None:
    """The list of switches leaves out the one at exactly the time of before."""
    _shift_before(server, lambda found: found - timedelta(microseconds=1))


@fault("get-switches-newest-first", step="lists.switches")
def switches_list_oldest_first(original: Original, *given: object) -> object:
    """The list of switches holds the newest ones, and ends with the newest."""
    return original(*given)[::-1]


@fault("get-switches-newest-first", step="lists.switches")
def switches_list_as_logged(server: Server, original: Original, *given: object) -> list[Switch]:
    """The list of switches is in the order in which they were logged."""
    place = {uuid: number for number, uuid in enumerate(server.store.switches)}
    return sorted(original(*given), key=lambda row: -place[row.uuid])


@fault("get-switches-newest-first", step="lists.switches")
def switches_are_cut_before_sorting(
    server: Server, _original: Original, system: System, before: datetime, limit: int
) -> list[Switch]:
    """The list of switches is cut to those that were logged last, and only then sorted."""
    logged = [row for row in server.store.switches.values() if row.system is system]
    kept = [row for row in logged if row.timestamp < before][-limit:]
    return sorted(kept, key=lambda row: row.timestamp, reverse=True)


@fault("get-switches-newest-first", step="lists.switches")
def switches_are_sorted_by_text(original: Original, *given: object) -> list[Switch]:
    """The list of switches is sorted by what it shows of their times, without the zeros at the end: 10:00:00Z comes before 10:00:00.5Z."""

    def shown(row: Switch) -> str:
        moment = row.timestamp
        end = f"{moment.microsecond:06}".rstrip("0")
        return f"{moment:%Y-%m-%dT%H:%M:%S}" + (f".{end}Z" if end else "Z")

    return sorted(original(*given), key=shown, reverse=True)


def _keep_first(server: Server, key: str) -> None:
    """Let the list show one key of each switch as it was when it was first listed."""
    seen: dict[str, Any] = {}

    def listed(original: Original, row: Switch) -> dict[str, Any]:
        shown: dict[str, Any] = original(row)
        return shown | {key: seen.setdefault(row.uuid, shown[key])}

    wrap(server.presenter, "listed_switch", listed)


@fault("update-switch-members")
def switches_list_old_members(server: Server) -> None:
    """The list of switches does not show a change of members."""
    _keep_first(server, "members")


@fault("update-switch-timestamp")
def switches_list_old_times(server: Server) -> None:
    """The list of switches does not show a change of time."""
    _keep_first(server, "timestamp")


@fault("get-switches-before", step="queries.before")
def before_has_no_zone(original: Original, call: Call) -> Any:
    """The time of before is read as one of UTC, whatever its zone."""
    call.query["before"] = OFFSET.sub("Z", call.query.get("before", moments.show(moments.now())))
    return original(call)


@fault("switch-members-ids-in-list", step="presenter.listed_switch")
def switches_list_objects(server: Server, original: Original, row: Switch) -> dict[str, Any]:
    """The list of switches shows member objects."""
    shown: dict[str, Any] = original(row)
    return shown | {"members": server.presenter.members(row.members, row.system, "switch")}


@fault("get-switches-before-inclusive", only="2021-11", step="queries.before")
def switches_with_limit_leave_out_their_own_time(original: Original, call: Call) -> Any:
    """The list of switches leaves out the one at exactly the time of before when it has a limit."""
    return original(call) - timedelta(microseconds="limit" in call.query)
