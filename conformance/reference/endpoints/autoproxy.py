"""Autoproxy settings of the caller in a guild. docs: endpoints#get-system-autoproxy-settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference import models
from conformance.reference.endpoints import Endpoints
from conformance.reference.entities import Row
from conformance.reference.errors import Problem, Refused, refuse_value

if TYPE_CHECKING:
    from conformance.reference.calls import Call
    from conformance.reference.entities import System
    from conformance.reference.presentation import Shown
    from conformance.reference.validation import Patch


class Autoproxy(Endpoints):
    """Show and change autoproxy settings; any guild has them, switched off at first."""

    def show(self, call: Call) -> Shown:
        """Answer the request of docs: endpoints#get-system-autoproxy-settings."""
        system = self.own_system(call)
        row = system.autoproxy.get(self.guild(call))
        return self.presenter.settings(row or Row.blank(models.AUTOPROXY))

    def update(self, call: Call) -> Shown:
        """Answer the request of docs: endpoints#update-system-autoproxy-settings."""
        system, guild = self.own_system(call), self.guild(call)
        row = system.autoproxy.get(guild) or Row.blank(models.AUTOPROXY)
        patch = self.validation.changes(row.kind, self.bodies.mapping(call))
        self.settle(patch, row, system)
        system.autoproxy[guild] = row
        return self.presenter.settings(self.updates.merge(row, patch))

    def guild(self, call: Call) -> str:
        """Return the guild of the query; a channel is not supported."""
        guild = self.queries.value(call, "guild_id")
        if guild is None or self.queries.value(call, "channel_id") is not None:
            raise Refused(Problem.BAD_REQUEST, "guild_id is needed and channel_id unsupported")
        return self.references.snowflake(guild)

    def settle(self, patch: Patch, row: Row, system: System) -> None:
        """Make mode and member fit each other. docs: models#autoproxy-settings-model."""
        mode = patch.fields.get("autoproxy_mode", row.fields["autoproxy_mode"])
        ref = patch.fields.get("autoproxy_member")
        if ref is not None:
            patch.fields["autoproxy_member"] = self.fixed_member(ref, mode, system)
        elif mode in ("off", "front"):
            patch.fields["autoproxy_member"] = None
        member = patch.fields.get("autoproxy_member", row.fields["autoproxy_member"])
        if mode == "member" and member is None:
            raise Refused(Problem.AUTOPROXY_MEMBER_MISSING)

    def fixed_member(self, ref: str, mode: str, system: System) -> str:
        """Return the short id of the member that a mode with a member is given."""
        if mode in ("off", "front"):
            refuse_value("autoproxy_member", f"The mode {mode} has no member.")
        try:
            return self.references.listed_member(ref, system).short_id
        except Refused as refused:
            if refused.problem is not Problem.LISTED_MEMBER_UNKNOWN:
                raise
            refuse_value("autoproxy_member", f"No member has the id '{ref}'.")
