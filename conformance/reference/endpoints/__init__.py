"""The operations: each finds its rows, checks the caller's right, reads the body and returns what to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.entities import Group, Member, System


class Endpoints:
    """What the handlers of all areas share: the parts of the server and whose rows are whose."""

    def __init__(self, server: Server) -> None:
        self.revision = server.revision
        self.models = server.revision.models
        self.store = server.store
        self.references = server.references
        self.bodies = server.bodies
        self.queries = server.queries
        self.privacy = server.privacy
        self.presenter = server.presenter
        self.lists = server.lists
        self.validation = server.validation
        self.updates = server.updates
        self.authentication = server.authentication
        self.autoproxy_modes = server.autoproxy_modes

    def system(self, call: Call) -> System:
        """Return the system of the path."""
        return self.references.system(call.params["system"], call.caller)

    def caller(self, call: Call) -> System:
        """Return the caller of a private operation."""
        return self.references.me(call.caller)

    def own_system(self, call: Call) -> System:
        """Return the system of the path, which has to be the caller's."""
        system = self.system(call)
        self.authentication.own_system(system, self.caller(call))
        return system

    def own_member(self, call: Call) -> Member:
        """Return the member of the path, which has to be the caller's."""
        member = self.references.member(call.params["member"])
        self.authentication.own_member(member, self.caller(call))
        return member

    def own_group(self, call: Call) -> Group:
        """Return the group of the path, which has to be the caller's."""
        group = self.references.group(call.params["group"])
        self.authentication.own_group(group, self.caller(call))
        return group
