"""Which rows a list holds for a viewer, and in which order. docs: endpoints."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from conformance.reference.entities import Group, Member, Switch, System
    from conformance.reference.privacy import Privacy
    from conformance.reference.revision import Revision


class Lists:
    """Selects rows; whether the viewer may read the list is checked before."""

    def __init__(self, privacy: Privacy, revision: Revision) -> None:
        self._privacy = privacy
        self._end = bisect_right if revision.before_is_inclusive else bisect_left

    def members(self, system: System, viewer: System | None) -> list[Member]:
        """Return the members of a system that the viewer may see listed."""
        return [row for row in system.members.values() if self._privacy.lists(row, viewer)]

    def groups(self, system: System, viewer: System | None) -> list[Group]:
        """Return the groups of a system that the viewer may see listed."""
        return [row for row in system.groups.values() if self._privacy.lists(row, viewer)]

    def group_members(self, group: Group, viewer: System | None) -> list[Member]:
        """Return the members of a group that the viewer may see listed."""
        return [row for row in group.members.values() if self._privacy.lists(row, viewer)]

    def member_groups(self, member: Member, viewer: System | None) -> list[Group]:
        """Return the groups of a member that the viewer may see listed."""
        return [row for row in self.groups(member.system, viewer) if member.uuid in row.members]

    def switches(self, system: System, before: datetime, limit: int) -> list[Switch]:
        """Return the newest switches before the instant, newest first."""
        end = self._end(system.switches, before, key=lambda switch: switch.timestamp)
        return system.switches[max(0, end - limit) : end][::-1]
