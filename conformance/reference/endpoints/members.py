"""Members. docs: endpoints#members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.endpoints import Endpoints
from conformance.reference.errors import Problem, Rejected

if TYPE_CHECKING:
    from conformance.reference.calls import Call
    from conformance.reference.presentation import Shown


class Members(Endpoints):
    """List, create, show, change and delete members."""

    def index(self, call: Call) -> list[Shown]:
        """Serve docs: endpoints#get-system-members."""
        system = self.system(call)
        self.privacy.check_list("members", system, call.caller)
        rows = self.lists.members(system, call.caller)
        return self.presenter.members(rows, call.caller, "list")

    def create(self, call: Call) -> Shown:
        """Serve docs: endpoints#create-member."""
        system, body = self.caller(call), self.bodies.mapping(call)
        if len(system.members) >= system.settings.fields["member_limit"]:
            raise Rejected(Problem.MEMBER_LIMIT)
        patch = self.validation.creation(self.models.member, body)
        member = self.store.add_member(system, self.updates.build(self.models.member, patch))
        return self.presenter.member(member, call.caller, "create")

    def show(self, call: Call) -> Shown:
        """Serve docs: endpoints#get-member."""
        member = self.references.member(call.params["member"])
        return self.presenter.member(member, call.caller, "single")

    def update(self, call: Call) -> Shown:
        """Serve docs: endpoints#update-member."""
        member = self.own_member(call)
        patch = self.validation.changes(member.kind, self.bodies.mapping(call))
        return self.presenter.member(self.updates.merge(member, patch), call.caller, "update")

    def delete(self, call: Call) -> None:
        """Serve docs: endpoints#delete-member."""
        self.store.delete_member(self.own_member(call))
