"""Faults: the timestamp and the members of a new switch."""

from __future__ import annotations

import re
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
    from conformance.reference.entities import Member, System
    from conformance.reference.steps import Original


def replace_step(server: Server, step: str, value: object) -> None:
    """Let one step of the switches do nothing but return a value."""
    wrap(server.endpoints["switches"], step, lambda _original, *_arguments: value)


OFFSET = re.compile(r"[+-]\d\d:\d\d$")
"""The offset from UTC at the end of a timestamp."""


@fault("create-switch-timestamp-used")
def new_switch_ignores_timestamp(server: Server) -> None:
    """A new switch starts now, not at the timestamp of its body."""
    replace_step(server, "timestamp", None)


@fault("create-switch-timestamp-optional")
def new_switch_needs_timestamp(server: Server) -> None:
    """A new switch without a timestamp is rejected."""
    switches = server.endpoints["switches"]
    wrap(switches, "create", lambda original, call: switches.new_timestamp(call) and original(call))  # type: ignore[attr-defined] # an endpoint that a fault reaches into


@fault("create-switch-timestamp-default-now", step="store.add_switch")
def new_switch_starts_a_day_ago(
    original: Original, system: System, timestamp: datetime, members: list[Member]
) -> object:
    """A new switch without a timestamp starts a day ago."""
    recent = moments.now() - timestamp < timedelta(hours=1)
    return original(system, timestamp - timedelta(days=recent), members)


@fault("create-switch-members-required", step="switches.listed_refs")
def new_switch_needs_no_members(original: Original, body: dict[str, Any]) -> object:
    """A new switch without members is a switch-out."""
    return original({"members": []} | body)


@fault("create-switch-empty-members", step="switches.listed_refs")
def new_switch_needs_a_member(original: Original, body: dict[str, Any]) -> list[str]:
    """A new switch with an empty member list is rejected."""
    listed: list[str] = original(body)
    if not listed:
        raise Rejected(Problem.BAD_REQUEST, "nobody is listed")
    return listed


@fault("switch-members-in-given-order", step="switches.members")
def switch_members_are_sorted(original: Original, refs: list[str], call: Call) -> list[Member]:
    """The members of a switch are stored in the order of their ids."""
    return sorted(original(refs, call), key=lambda member: member.short_id)


@fault("create-switch-timestamp-used", step="store.add_switch")
def new_switch_rounds_up(
    original: Original, system: System, timestamp: datetime, members: list[Member]
) -> object:
    """A new switch with a fraction of a second starts at the next whole one."""
    rest = timedelta(microseconds=-timestamp.microsecond % 10**6)
    return original(system, timestamp + rest, members)


@fault("create-switch-timestamp-used", step="switches.timestamp")
def new_switch_has_no_zone(original: Original, call: Call, body: dict[str, Any]) -> Any:
    """The timestamp of a new switch is read as one of UTC, whatever its zone."""
    if call.method == "POST" and isinstance(body.get("timestamp"), str):
        body = body | {"timestamp": OFFSET.sub("Z", body["timestamp"])}
    return original(call, body)


@fault("err-40005")
def taken_time_is_free_in_other_words(server: Server) -> None:
    """A new switch is rejected only where its time is written as that of the other one was."""
    switches: Any = server.endpoints["switches"]
    written: set[str] = set()

    def create(original: Original, call: Call) -> object:
        text = str(server.bodies.mapping(call).get("timestamp"))
        free = switches.check_free
        if text != "None" and text not in written:
            switches.check_free = lambda *_: None
        try:
            return original(call)
        finally:
            switches.check_free = free
            written.add(text)

    wrap(switches, "create", create)


@fault("create-switch-returns-switch", step="switches.create")
def new_switch_returns_nothing(original: Original, call: Call) -> None:
    """A new switch is logged, and the response is empty."""
    original(call)
