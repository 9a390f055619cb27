"""Settings of systems and members in a guild; only what exists can be seen or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.endpoints import Endpoints
from conformance.reference.errors import Problem, Rejected

if TYPE_CHECKING:
    from conformance.reference.calls import Call
    from conformance.reference.entities import Row
    from conformance.reference.presentation import Shown


class Guilds(Endpoints):
    """Show and change guild settings."""

    def show(self, call: Call) -> Shown:
        """Serve docs: endpoints#get-system-guild-settings."""
        return self.presenter.settings(self.system_row(call))

    def update(self, call: Call) -> Shown:
        """Serve docs: endpoints#update-system-guild-settings."""
        row = self.system_row(call)
        patch = self.validation.changes(row.kind, self.bodies.mapping(call))
        if "autoproxy_mode" in row.fields:
            self.autoproxy_modes.settle(patch, row, call)
        return self.presenter.settings(self.updates.merge(row, patch))

    def show_member(self, call: Call) -> Shown:
        """Serve docs: endpoints#get-member-guild-settings."""
        return self.presenter.settings(self.member_row(call))

    def update_member(self, call: Call) -> Shown:
        """Serve docs: endpoints#update-member-guild-settings."""
        row = self.member_row(call)
        patch = self.validation.changes(row.kind, self.bodies.mapping(call))
        return self.presenter.settings(self.updates.merge(row, patch))

    def system_row(self, call: Call) -> Row:
        """Return the settings of the caller's system in the guild of the path."""
        system = self.own_system(call)
        row = system.guilds.get(self.references.snowflake(call.params["guild"]))
        if row is None:
            raise Rejected(Problem.SYSTEM_GUILD_UNKNOWN)
        return row

    def member_row(self, call: Call) -> Row:
        """Return the settings of one of the caller's members in the guild of the path."""
        member = self.own_member(call)
        row = member.guilds.get(self.references.snowflake(call.params["guild"]))
        if row is None:
            raise Rejected(Problem.MEMBER_GUILD_UNKNOWN)
        return row
