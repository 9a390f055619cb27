"""Systems themselves. docs: endpoints#systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.endpoints import Endpoints

if TYPE_CHECKING:
    from conformance.reference.calls import Call
    from conformance.reference.presentation import Shown


class Systems(Endpoints):
    """Show and change a system."""

    def show(self, call: Call) -> Shown:
        """Serve docs: endpoints#get-system."""
        return self.presenter.system(self.system(call), call.caller, "single")

    def update(self, call: Call) -> Shown:
        """Serve docs: endpoints#update-system."""
        system = self.own_system(call)
        patch = self.validation.changes(system.kind, self.bodies.mapping(call))
        return self.presenter.system(self.updates.merge(system, patch), call.caller, "update")
