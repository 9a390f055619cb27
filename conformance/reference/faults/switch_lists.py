"""Faults: the list of switches, its pages, and the fronters."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from conformance.reference import moments
from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Switch, System
    from conformance.reference.steps import Original


def _lists(server: Server, kept: int | None, *, shifted: int = 0) -> None:
    """Take another limit than the one asked for."""
    wrap(server.queries, "limit", lambda original, call: (kept or original(call)) + shifted)


@fault("get-switches-limit")
def switches_ignore_limit(server: Server) -> None:
    """The list of switches ignores limit."""
    _lists(server, 100)


@fault("get-switches-limit")
def switches_list_one_too_many(server: Server) -> None:
    """The list of switches holds one more than limit."""
    _lists(server, None, shifted=1)


@fault("get-switches-limit")
def switches_list_one_too_few(server: Server) -> None:
    """The list of switches holds one less than limit."""
    _lists(server, None, shifted=-1)


@fault("get-switches-before", "get-switches-pagination")
def switches_ignore_before(server: Server) -> None:
    """The list of switches ignores before."""
    wrap(server.queries, "before", lambda _original, _call: moments.now())


@fault("get-switches-before", "get-switches-pagination")
def switches_list_after_before(server: Server) -> None:
    """The list of switches starts at before instead of ending there."""

    def switches(_original: Original, system: System, before: datetime, limit: int) -> list[Switch]:
        return [row for row in system.switches if row.timestamp >= before][:limit][::-1]

    wrap(server.lists, "switches", switches)


@fault("get-switches-pagination")
def switches_page_from_oldest(server: Server) -> None:
    """The list of switches begins with the oldest."""

    def switches(_original: Original, system: System, before: datetime, limit: int) -> list[Switch]:
        return [row for row in system.switches if row.timestamp < before][:limit]

    wrap(server.lists, "switches", switches)


@fault("get-switches-pagination")
def switches_page_skips_one(server: Server) -> None:
    """Each page of switches leaves out the one right before it."""

    def before(original: Original, call: Call) -> datetime:
        found: datetime = original(call)
        return found - timedelta(seconds=61)

    wrap(server.queries, "before", before)


@fault("switch-members-ids-in-list")
def switches_list_objects(server: Server) -> None:
    """The list of switches shows member objects."""

    def listed(original: Original, row: Switch) -> dict[str, Any]:
        shown: dict[str, Any] = original(row)
        return shown | {"members": server.presenter.members(row.members, row.system, "switch")}

    wrap(server.presenter, "listed_switch", listed)


@fault("switch-members-objects-in-fronters")
def fronters_are_ids(server: Server) -> None:
    """The fronters are shown by id."""
    presenter = server.presenter

    def fronters(_original: Original, call: Call) -> dict[str, Any] | None:
        switches = server.references.system(call.params["system"], call.caller).switches
        return presenter.listed_switch(switches[-1]) if switches else None

    wrap(server.endpoints["switches"], "fronters", fronters)


@fault("create-switch-becomes-fronters", "create-switch-empty-members")
def fronters_are_of_oldest_switch(server: Server) -> None:
    """The fronters are those of the oldest switch."""

    def fronters(_original: Original, call: Call) -> dict[str, Any] | None:
        switches = server.references.system(call.params["system"], call.caller).switches
        return server.presenter.switch(switches[0], call.caller, "fronters") if switches else None

    wrap(server.endpoints["switches"], "fronters", fronters)


@fault("get-fronters-none-204")
def no_fronters_is_empty_object(server: Server) -> None:
    """Without any switch the fronters are an empty object."""
    wrap(server.endpoints["switches"], "fronters", lambda original, call: original(call) or {})


@fault("get-fronters-none-204")
def no_fronters_is_404(server: Server) -> None:
    """Without any switch the fronters are 404."""

    def fronters(original: Original, call: Call) -> object:
        response: object = original(call)
        if response is None:
            raise Rejected(Problem.SWITCH_UNAVAILABLE)
        return response

    wrap(server.endpoints["switches"], "fronters", fronters)


@fault("switch-id-uuid")
def switch_ids_are_numbers(server: Server) -> None:
    """The list of switches shows numbers for ids."""

    def listed(original: Original, row: Switch) -> dict[str, Any]:
        shown: dict[str, Any] = original(row)
        return shown | {"id": str(int(row.timestamp.timestamp()))}

    wrap(server.presenter, "listed_switch", listed)


@fault("switch-timestamp-datetime")
def switch_timestamps_are_numbers(server: Server) -> None:
    """Timestamps of switches are seconds since 1970."""

    def frame(original: Original, row: Switch) -> dict[str, Any]:
        shown: dict[str, Any] = original(row)
        return shown | {"timestamp": row.timestamp.timestamp()}

    wrap(server.presenter, "switch_frame", frame)


@fault("get-switches-limit-default-100")
def switches_default_to_50(server: Server) -> None:
    """The list of switches holds 50 when limit is left out."""

    def limit(original: Original, call: Call) -> int:
        asked: int = original(call)
        return asked if "limit" in call.query else 50

    wrap(server.queries, "limit", limit)


def _cap(server: Server, most: int) -> None:
    def limit(original: Original, call: Call) -> int:
        asked: int = original(call)
        return min(int(call.query.get("limit", asked)), most)

    wrap(server.queries, "limit", limit)


@fault("get-switches-max-100")
def switches_have_no_cap(server: Server) -> None:
    """The list of switches is as long as limit says."""
    _cap(server, 10**9)


@fault("get-switches-max-100")
def switches_are_capped_one_higher(server: Server) -> None:
    """The list of switches can have 101."""
    _cap(server, 101)


@fault("get-switches-limit")
def switches_are_capped_at_50(server: Server) -> None:
    """The list of switches has at most 50 where limit asks for more."""

    def limit(original: Original, call: Call) -> int:
        asked: int = original(call)
        return min(asked, 50) if "limit" in call.query else asked

    wrap(server.queries, "limit", limit)


def _before(server: Server, shift: Callable[[datetime], datetime]) -> None:
    wrap(server.queries, "before", lambda original, call: shift(original(call)))


@fault("get-switches-before")
def switches_take_before_for_later(server: Server) -> None:
    """The list of switches goes a minute beyond before."""
    _before(server, lambda found: found + timedelta(minutes=1))


@fault("get-switches-pagination")
def switches_cut_before(server: Server) -> None:
    """The list of switches takes before in whole seconds, and leaves out those of the rest of the second."""
    _before(server, lambda found: found.replace(microsecond=0))


@fault("get-switches-before-inclusive", only="2021-11")
def switches_leave_out_their_own_time(server: Server) -> None:
    """The list of switches leaves out that of exactly the time before."""
    _before(server, lambda found: found - timedelta(microseconds=1))


@fault("get-switches-newest-first")
def switches_list_oldest_first(server: Server) -> None:
    """The list of switches holds the newest ones, and ends with the newest."""
    wrap(server.lists, "switches", lambda original, *given: original(*given)[::-1])


@fault("get-switches-newest-first")
def switches_list_as_logged(server: Server) -> None:
    """The list of switches is in the order in which they were logged."""

    def switches(original: Original, *given: object) -> list[Switch]:
        place = {uuid: number for number, uuid in enumerate(server.store.switches)}
        return sorted(original(*given), key=lambda row: -place[row.uuid])

    wrap(server.lists, "switches", switches)


def _remember(server: Server, key: str) -> None:
    """Let the list show one key of each switch as it did first."""
    seen: dict[str, Any] = {}

    def listed(original: Original, row: Switch) -> dict[str, Any]:
        shown: dict[str, Any] = original(row)
        return shown | {key: seen.setdefault(row.uuid, shown[key])}

    wrap(server.presenter, "listed_switch", listed)


@fault("update-switch-members")
def switches_list_old_members(server: Server) -> None:
    """The list of switches does not show a change of members."""
    _remember(server, "members")


@fault("update-switch-timestamp")
def switches_list_old_times(server: Server) -> None:
    """The list of switches does not show a change of time."""
    _remember(server, "timestamp")


@fault("get-fronters-returns-switch-with-members")
def fronters_are_last_logged(server: Server) -> None:
    """The fronters are those of the switch that was logged last, whatever its time."""

    def fronters(_original: Original, call: Call) -> dict[str, Any] | None:
        system = server.references.system(call.params["system"], call.caller)
        server.privacy.check_list("fronters", system, call.caller)
        logged = [row for row in server.store.switches.values() if row.system is system]
        return server.presenter.switch(logged[-1], call.caller, "fronters") if logged else None

    wrap(server.endpoints["switches"], "fronters", fronters)


@fault("update-switch-members")
def fronters_keep_old_members(server: Server) -> None:
    """The fronters do not show a change of members."""
    seen: dict[str, Any] = {}

    def fronters(original: Original, call: Call) -> dict[str, Any] | None:
        shown: dict[str, Any] | None = original(call)
        return shown and shown | {"members": seen.setdefault(shown["id"], shown["members"])}

    wrap(server.endpoints["switches"], "fronters", fronters)


@fault("deleted-switch-is-gone")
def fronters_keep_deleted_switch(server: Server) -> None:
    """The fronters show a switch that was deleted until there is a newer one."""
    newest: list[dict[str, Any]] = []

    def fronters(original: Original, call: Call) -> dict[str, Any] | None:
        shown: dict[str, Any] | None = original(call)
        if shown is None or call.params["system"] != "@me":
            return shown
        if not newest or shown["timestamp"] >= newest[-1]["timestamp"]:
            newest.append(shown)
        return newest[-1]

    wrap(server.endpoints["switches"], "fronters", fronters)


@fault("get-switches-newest-first")
def switches_are_cut_before_sorting(server: Server) -> None:
    """The list of switches is cut to those that were logged last, and only then sorted."""

    def switches(_original: Original, system: System, before: datetime, limit: int) -> list[Switch]:
        logged = [row for row in server.store.switches.values() if row.system is system]
        kept = [row for row in logged if row.timestamp < before][-limit:]
        return sorted(kept, key=lambda row: row.timestamp, reverse=True)

    wrap(server.lists, "switches", switches)
