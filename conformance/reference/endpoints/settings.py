"""The settings of a system. docs: endpoints#get-system-settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.endpoints import Endpoints

if TYPE_CHECKING:
    from conformance.reference.calls import Call
    from conformance.reference.presentation import Shown


class Settings(Endpoints):
    """Show and change settings; others than the owner see the public part."""

    def show(self, call: Call) -> Shown:
        """Serve docs: endpoints#get-system-settings."""
        system = self.system(call)
        if self.privacy.owns(call.caller, system):
            return self.presenter.settings(system.settings)
        return self.presenter.public_settings(system.settings)

    def update(self, call: Call) -> Shown:
        """Serve docs: endpoints#update-system-settings."""
        row = self.own_system(call).settings
        patch = self.validation.changes(row.kind, self.bodies.mapping(call))
        return self.presenter.settings(self.updates.merge(row, patch))
