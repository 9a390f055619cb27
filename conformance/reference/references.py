"""From the refs of paths and bodies to rows. docs: models#notes-on-ids, endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.reference.errors import Problem, Rejected
from conformance.reference.identifiers import canonical_snowflake, canonical_uuid

if TYPE_CHECKING:
    from conformance.reference.calls import Call
    from conformance.reference.entities import Group, Member, Message, Switch, System
    from conformance.reference.revision import Revision
    from conformance.reference.storage import Store


class References:
    """Finds what a ref names, or rejects with the code of its kind."""

    def __init__(self, store: Store, revision: Revision) -> None:
        self._store = store
        self._orphans = revision.keeps_messages_of_deleted_members

    def system(self, ref: str, caller: System | None) -> System:
        """Return the system: short id, UUID, linked Discord account or ``@me``."""
        if ref == "@me":
            return self.me(caller)
        system = self._store.systems.find(ref) or self.account(ref)
        if system is None:
            raise Rejected(Problem.SYSTEM_UNKNOWN)
        return system

    def me(self, caller: System | None) -> System:
        """Return the caller, who has to be known."""
        if caller is None:
            raise Rejected(Problem.UNAUTHORIZED)
        return caller

    def account(self, ref: str) -> System | None:
        """Return the system that a Discord account is linked to."""
        return self._store.accounts.get(ref)

    def member(self, ref: str) -> Member:
        """Return the member of a path."""
        member = self._store.members.find(ref)
        if member is None:
            raise Rejected(Problem.MEMBER_UNKNOWN)
        return member

    def group(self, ref: str) -> Group:
        """Return the group of a path."""
        group = self._store.groups.find(ref)
        if group is None:
            raise Rejected(Problem.GROUP_UNKNOWN)
        return group

    def switch(self, ref: str, system: System, unknown: Problem) -> Switch:
        """Return the system's switch; ``unknown`` is the code when there is none at all."""
        switch = self._store.switches.get(self.switch_uuid(ref))
        if switch is None:
            raise Rejected(unknown)
        if switch.system is not system:
            raise Rejected(Problem.SWITCH_UNAVAILABLE)
        return switch

    def switch_uuid(self, ref: str) -> str:
        """Return the UUID of a switch in its plain id format."""
        uuid = canonical_uuid(ref)
        if uuid is None:
            raise Rejected(Problem.SWITCH_ID_INVALID)
        return uuid

    def message(self, ref: str) -> Message:
        """Return the message with that id, or the one that replaced the original."""
        snowflake = self.snowflake(ref)
        message = self._store.messages.get(snowflake) or self._store.originals.get(snowflake)
        if message is None or not (message.member or self._orphans):
            raise Rejected(Problem.MESSAGE_UNKNOWN)
        return message

    def snowflake(self, text: str) -> str:
        """Return a Discord id in its plain id format."""
        snowflake = canonical_snowflake(text)
        if snowflake is None:
            raise Rejected(Problem.BAD_REQUEST, "a Discord id is a number")
        return snowflake

    def listed_members(self, refs: list[str], call: Call) -> list[Member]:
        """Return the members that a body lists, in its order."""
        return [self.listed_member(ref, call) for ref in refs]

    def listed_member(self, ref: str, call: Call) -> Member:
        """Return one of the caller's members named in a body."""
        member = self._store.members.find(ref)
        if member is None:
            raise Rejected(Problem.LISTED_MEMBER_UNKNOWN, ref)
        if member.system is not call.caller:
            raise Rejected(Problem.LISTED_MEMBER_FOREIGN, ref)
        return member

    def listed_groups(self, refs: list[str], call: Call) -> list[Group]:
        """Return the groups that a body lists, in its order."""
        return [self.listed_group(ref, call) for ref in refs]

    def listed_group(self, ref: str, call: Call) -> Group:
        """Return one of the caller's groups named in a body."""
        group = self._store.groups.find(ref)
        if group is None:
            raise Rejected(Problem.LISTED_GROUP_UNKNOWN, ref)
        if group.system is not call.caller:
            raise Rejected(Problem.LISTED_GROUP_FOREIGN, ref)
        return group
