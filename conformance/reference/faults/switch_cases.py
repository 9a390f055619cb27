"""Faults: switches that are logged, moved and changed wrongly in one case alone."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from conformance.reference.errors import Problem, Rejected
from conformance.reference.faults.registry import fault
from conformance.reference.identifiers import canonical_uuid
from conformance.reference.steps import wrap

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Member, Switch, System
    from conformance.reference.steps import Original


@fault("update-switch-members")
def changed_members_ignore_empty_list(server: Server) -> None:
    """PATCH of the members of a switch with an empty list leaves them as they were."""
    switches: Any = server.endpoints["switches"]

    def update(original: Original, call: Call) -> Any:
        if server.bodies.refs(call):
            return original(call)
        switch = switches.switch(call, switches.writable_system(call))
        return server.presenter.switch(switch, call.caller, "switch")

    wrap(switches, "update_members", update)


@fault("update-switch-members")
def changed_members_renew_the_switch(server: Server) -> None:
    """PATCH of the members of a switch puts another switch with another id in its place."""
    switches: Any = server.endpoints["switches"]

    def update(original: Original, call: Call) -> Any:
        original(call)
        old = switches.switch(call, switches.writable_system(call))
        server.store.delete_switch(old)
        new = server.store.add_switch(old.system, old.timestamp, old.members)
        return server.presenter.switch(new, call.caller, "switch")

    wrap(switches, "update_members", update)


@fault("update-switch-members")
def changed_members_put_the_switch_off(server: Server) -> None:
    """PATCH of the members of a switch puts its time off by a minute."""
    switches: Any = server.endpoints["switches"]

    def update(original: Original, call: Call) -> Any:
        shown = original(call)
        switch = switches.switch(call, switches.writable_system(call))
        server.store.move_switch(switch, switch.timestamp + timedelta(minutes=1))
        return shown

    wrap(switches, "update_members", update)


def _remember_current(server: Server) -> dict[str, Switch]:
    """Keep the current switch of each system, as it is when one is logged or deleted."""
    current: dict[str, Switch] = {}

    def note(system: System) -> None:
        current.pop(system.uuid, None)
        if system.switches:
            current[system.uuid] = system.switches[-1]

    def add(original: Original, system: System, *given: Any) -> Any:
        added = original(system, *given)
        note(system)
        return added

    def delete(original: Original, switch: Switch) -> None:
        original(switch)
        note(switch.system)

    wrap(server.store, "add_switch", add)
    wrap(server.store, "delete_switch", delete)
    return current


@fault("update-switch-timestamp")
def fronters_do_not_see_moves(server: Server) -> None:
    """The fronters are those of before when the current switch is moved behind another one."""
    current = _remember_current(server)

    def fronters(original: Original, call: Call) -> Any:
        shown = original(call)
        known = current.get(server.references.system(call.params["system"], call.caller).uuid)
        return server.presenter.switch(known, call.caller, "fronters") if known else shown

    wrap(server.endpoints["switches"], "fronters", fronters)


@fault("get-switches-limit", "get-switches-max-100")
def limit_of_100_is_rejected(server: Server) -> None:
    """The list of switches is rejected with limit=100."""

    def limit(original: Original, call: Call) -> Any:
        if call.query.get("limit") == "100":
            raise Rejected(Problem.BAD_REQUEST, "limit is below 100")
        return original(call)

    wrap(server.queries, "limit", limit)


@fault("get-switches-limit")
def limit_needs_before(server: Server) -> None:
    """The list of switches keeps to limit only where before is given, too."""

    def limit(original: Original, call: Call) -> Any:
        asked = original(call)
        return asked if "before" in call.query else 100

    wrap(server.queries, "limit", limit)


@fault("err-0-400")
def null_empties_a_switch(server: Server) -> None:
    """PATCH of the members of a switch with null takes everybody out of it."""

    def refs(original: Original, call: Call, **rest: Any) -> Any:
        patched = call.operation is not None and call.operation.name == "update-switch-members"
        return [] if patched and call.body.strip() == b"null" else original(call, **rest)

    wrap(server.bodies, "refs", refs)


@fault("err-40003")
def duplicates_are_found_side_by_side(server: Server) -> None:
    """A member can be listed twice when another one stands between."""

    def members(_original: Original, refs: list[str], call: Call) -> list[Member]:
        found = server.references.listed_members(refs, call)
        if any(one is other for one, other in pairwise(found)):
            raise Rejected(Problem.DUPLICATE_MEMBERS)
        return found

    wrap(server.endpoints["switches"], "members", members)


@fault("err-20003")
def switches_pass_over_unknown_short_ids(server: Server) -> None:
    """A short id that no member has is left out of a switch without a word."""

    def members(original: Original, refs: list[str], call: Call) -> Any:
        known = [r for r in refs if canonical_uuid(r) or server.store.members.find(r)]
        return original(known, call)

    wrap(server.endpoints["switches"], "members", members)


@fault("err-20003")
def changes_members_before_rejecting_unknown(server: Server) -> None:
    """PATCH of the members of a switch is rejected for one that does not exist, and has set the others."""
    switches: Any = server.endpoints["switches"]

    def update(original: Original, call: Call) -> Any:
        try:
            return original(call)
        except Rejected as rejected:
            if rejected.problem is Problem.LISTED_MEMBER_UNKNOWN:
                refs = [r for r in server.bodies.refs(call) if server.store.members.find(r)]
                switch = switches.switch(call, switches.writable_system(call))
                switch.members = server.references.listed_members(refs, call)
            raise

    wrap(switches, "update_members", update)
