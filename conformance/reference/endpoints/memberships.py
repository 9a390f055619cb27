"""Which member is in which group, by paths of members and of groups. docs: endpoints#groups, endpoints#members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.endpoints import Endpoints

if TYPE_CHECKING:
    from conformance.reference.calls import Call
    from conformance.reference.entities import Group, Member
    from conformance.reference.presentation import Shown


class Memberships(Endpoints):
    """List, add, remove and overwrite; entries that change nothing are fine."""

    def list_groups(self, call: Call) -> list[Shown]:
        """Serve docs: endpoints#get-member-groups."""
        member = self.references.member(call.params["member"])
        self.privacy.check_list("groups", member.system, call.caller)
        rows = self.lists.member_groups(member, call.caller)
        return self.presenter.groups(rows, call.caller, "member-groups")

    def list_members(self, call: Call) -> list[Shown]:
        """Serve docs: endpoints#get-group-members."""
        group = self.references.group(call.params["group"])
        self.privacy.check_list("group-members", group, call.caller)
        rows = self.lists.group_members(group, call.caller)
        return self.presenter.members(rows, call.caller, "group-members")

    def add_groups(self, call: Call) -> None:
        """Serve docs: endpoints#add-member-to-groups."""
        member = self.own_member(call)
        for group in self.groups(call, empty_allowed=False):
            self.join(group, member)

    def remove_groups(self, call: Call) -> None:
        """Serve docs: endpoints#remove-member-from-groups."""
        member = self.own_member(call)
        for group in self.groups(call, empty_allowed=False):
            self.leave(group, member)

    def overwrite_groups(self, call: Call) -> None:
        """Serve docs: endpoints#overwrite-member-groups."""
        member = self.own_member(call)
        wanted = self.groups(call, empty_allowed=True)
        for group in member.system.groups.values():
            self.leave(group, member)
        for group in wanted:
            self.join(group, member)

    def add_members(self, call: Call) -> None:
        """Serve docs: endpoints#add-members-to-group."""
        group = self.own_group(call)
        for member in self.members(call, empty_allowed=False):
            self.join(group, member)

    def remove_members(self, call: Call) -> None:
        """Serve docs: endpoints#remove-member-from-group."""
        group = self.own_group(call)
        for member in self.members(call, empty_allowed=False):
            self.leave(group, member)

    def overwrite_members(self, call: Call) -> None:
        """Serve docs: endpoints#overwrite-group-members."""
        group = self.own_group(call)
        wanted = self.members(call, empty_allowed=True)
        group.members.clear()
        for member in wanted:
            self.join(group, member)

    def groups(self, call: Call, *, empty_allowed: bool) -> list[Group]:
        """Return the groups that the body lists."""
        refs = self.bodies.refs(call, empty_allowed=empty_allowed)
        return self.references.listed_groups(refs, call)

    def members(self, call: Call, *, empty_allowed: bool) -> list[Member]:
        """Return the members that the body lists."""
        refs = self.bodies.refs(call, empty_allowed=empty_allowed)
        return self.references.listed_members(refs, call)

    def join(self, group: Group, member: Member) -> None:
        """Put a member into a group."""
        group.members[member.uuid] = member

    def leave(self, group: Group, member: Member) -> None:
        """Take a member out of a group."""
        group.members.pop(member.uuid, None)
