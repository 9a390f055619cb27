"""Switches and fronters. docs: endpoints#switches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.reference import moments
from conformance.reference.endpoints import Endpoints
from conformance.reference.errors import Problem, Rejected, reject_value

if TYPE_CHECKING:
    from datetime import datetime

    from conformance.reference.calls import Call
    from conformance.reference.entities import Member, Switch, System
    from conformance.reference.presentation import Shown


class Switches(Endpoints):
    """List, create, show, change and delete switches; show who fronts."""

    def index(self, call: Call) -> list[Shown]:
        """Serve docs: endpoints#get-system-switches."""
        system = self.system(call)
        self.privacy.check_list("switches", system, call.caller)
        before, limit = self.queries.before(call), self.queries.limit(call)
        rows = self.lists.switches(system, before, limit)
        return [self.presenter.listed_switch(row) for row in rows]

    def fronters(self, call: Call) -> Shown | None:
        """Serve docs: endpoints#get-current-system-fronters."""
        system = self.system(call)
        self.privacy.check_list("fronters", system, call.caller)
        if not system.switches:
            return None
        return self.presenter.switch(system.switches[-1], call.caller, "fronters")

    def create(self, call: Call) -> Shown:
        """Serve docs: endpoints#create-switch."""
        system = self.writable_system(call)
        body = {key.lower(): value for key, value in self.bodies.mapping(call).items()}
        timestamp = self.timestamp(call, body) or self.store.now()
        members = self.members(self.listed_refs(body), call)
        self.check_free(system, timestamp)
        latest = system.switches[-1] if system.switches else None
        if latest and timestamp > latest.timestamp:
            self.check_different(latest, members)
        switch = self.store.add_switch(system, timestamp, members)
        return self.presenter.switch(switch, call.caller, "create")

    def show(self, call: Call) -> Shown:
        """Serve docs: endpoints#get-switch; a hidden history looks as if there were no switch."""
        system = self.system(call)
        switch = self.switch(call, system)
        self.privacy.check_list("switch", system, call.caller)
        return self.presenter.switch(switch, call.caller, "switch")

    def update(self, call: Call) -> Shown:
        """Serve docs: endpoints#update-switch."""
        system = self.writable_system(call)
        switch = self.switch(call, system)
        timestamp = self.new_timestamp(call)
        self.check_free(system, timestamp)
        self.store.move_switch(switch, timestamp)
        return self.presenter.switch(switch, call.caller, "switch")

    def update_members(self, call: Call) -> Shown:
        """Serve docs: endpoints#update-switch-members."""
        system = self.writable_system(call)
        switch = self.switch(call, system, unknown=Problem.SWITCH_UNKNOWN)
        members = self.members(self.bodies.refs(call), call)
        self.check_different(switch, members)
        switch.members = members
        return self.presenter.switch(switch, call.caller, "switch")

    def delete(self, call: Call) -> None:
        """Serve docs: endpoints#delete-switch."""
        self.store.delete_switch(self.switch(call, self.writable_system(call)))

    def writable_system(self, call: Call) -> System:
        """Return the caller's system; at 2021-11 the path has to say @me."""
        if self.revision.switch_writes_need_me and call.params["system"] != "@me":
            raise Rejected(Problem.BAD_REQUEST, "switches are only written under @me")
        return self.own_system(call)

    def switch(
        self, call: Call, system: System, unknown: Problem = Problem.SWITCH_UNAVAILABLE
    ) -> Switch:
        """Return the switch of the path."""
        return self.references.switch(call.params["switch"], system, unknown)

    def new_timestamp(self, call: Call) -> datetime:
        """Return the timestamp of a body that must have one."""
        timestamp = self.timestamp(call, self.bodies.mapping(call))
        if timestamp is None:
            reject_value("timestamp", "This key is required.")
        return timestamp

    def timestamp(self, call: Call, body: dict[str, Any]) -> datetime | None:  # noqa: ARG002 - the forms that are read may depend on the operation
        """Return the timestamp of a body, None when it is missing, null or blank."""
        value = body.get("timestamp")
        if value is None or value == "":
            return None
        moment = moments.read(value) if isinstance(value, str) else None
        if moment is None:
            reject_value("timestamp", "This is no ISO 8601 timestamp with a time zone.")
        return moment

    def listed_refs(self, body: dict[str, Any]) -> list[str]:
        """Return the refs under members, which are required."""
        refs = body.get("members")
        if not isinstance(refs, list) or not all(isinstance(ref, str) for ref in refs):
            reject_value("members", "A list of member ids is required.")
        return refs

    def members(self, refs: list[str], call: Call) -> list[Member]:
        """Return the listed members, each of them once."""
        members = self.references.listed_members(refs, call)
        if len(set(members)) < len(members):
            raise Rejected(Problem.DUPLICATE_MEMBERS)
        return members

    def check_free(self, system: System, timestamp: datetime) -> None:
        """Reject the timestamp of a switch that exists."""
        if self.store.switch_at(system, timestamp):
            raise Rejected(Problem.TIMESTAMP_TAKEN)

    def check_different(self, switch: Switch, members: list[Member]) -> None:
        """Reject the members that the switch has already."""
        if switch.members == members:
            raise Rejected(Problem.SAME_FRONTERS)
