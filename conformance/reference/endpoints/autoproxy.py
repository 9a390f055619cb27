"""Autoproxy settings of the caller in a guild. docs: endpoints#get-system-autoproxy-settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.endpoints import Endpoints
from conformance.reference.entities import Row
from conformance.reference.errors import Problem, Rejected

if TYPE_CHECKING:
    from conformance.reference.calls import Call
    from conformance.reference.presentation import Shown


class Autoproxy(Endpoints):
    """Show and change autoproxy settings; any guild has them, switched off at first."""

    def show(self, call: Call) -> Shown:
        """Serve docs: endpoints#get-system-autoproxy-settings."""
        system = self.own_system(call)
        row = system.autoproxy.get(self.guild(call))
        return self.presenter.settings(row or Row.blank(self.models.autoproxy))

    def update(self, call: Call) -> Shown:
        """Serve docs: endpoints#update-system-autoproxy-settings."""
        system, guild = self.own_system(call), self.guild(call)
        row = system.autoproxy.get(guild) or Row.blank(self.models.autoproxy)
        patch = self.validation.changes(row.kind, self.bodies.mapping(call))
        self.autoproxy_modes.settle(patch, row, call)
        system.autoproxy[guild] = row
        return self.presenter.settings(self.updates.merge(row, patch))

    def guild(self, call: Call) -> str:
        """Return the guild of the query; a channel is not supported."""
        guild = self.queries.value(call, "guild_id")
        if guild is None or self.queries.value(call, "channel_id") is not None:
            raise Rejected(Problem.BAD_REQUEST, "guild_id is needed and channel_id unsupported")
        return self.references.snowflake(guild)
