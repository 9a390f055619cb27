"""Groups. docs: endpoints#groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.endpoints import Endpoints
from conformance.reference.errors import Problem, Rejected

if TYPE_CHECKING:
    from conformance.reference.calls import Call
    from conformance.reference.presentation import Shown


class Groups(Endpoints):
    """List, create, show, change and delete groups."""

    def index(self, call: Call) -> list[Shown]:
        """Serve docs: endpoints#get-system-groups."""
        system = self.system(call)
        self.privacy.check_list("groups", system, call.caller)
        rows = self.lists.groups(system, call.caller)
        if self.queries.flag(call, "with_members"):
            return [self.presenter.group_with_members(row, call.caller) for row in rows]
        return self.presenter.groups(rows, call.caller, "list")

    def create(self, call: Call) -> Shown:
        """Serve docs: endpoints#create-group."""
        system, body = self.caller(call), self.bodies.mapping(call)
        if len(system.groups) >= system.settings.fields["group_limit"]:
            raise Rejected(Problem.GROUP_LIMIT)
        patch = self.validation.creation(self.models.group, body)
        group = self.store.add_group(system, self.updates.build(self.models.group, patch))
        return self.presenter.group(group, call.caller, "create")

    def show(self, call: Call) -> Shown:
        """Serve docs: endpoints#get-group."""
        group = self.references.group(call.params["group"])
        return self.presenter.group(group, call.caller, "single")

    def update(self, call: Call) -> Shown:
        """Serve docs: endpoints#update-group."""
        group = self.own_group(call)
        patch = self.validation.changes(group.kind, self.bodies.mapping(call))
        return self.presenter.group(self.updates.merge(group, patch), call.caller, "update")

    def delete(self, call: Call) -> None:
        """Serve docs: endpoints#delete-group."""
        self.store.delete_group(self.own_group(call))
