"""Every write to members, groups, memberships and switches, and the reads in which it shows, each sent before it and after it.

What a server keeps of the first read shows in the second. That a read shows the right thing is tested elsewhere; that it is another
one after the write, in `conformance.checks.requests.reads_after_writes`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from conformance.account.refs import Address
from conformance.contract.equivalence import same
from conformance.http import Outcome, PreconditionFailed
from conformance.http.assertions import need_success
from conformance.scenarios.once import outcome_of

if TYPE_CHECKING:
    from conformance.account import Account, Entity
    from conformance.http import Caller, Exchange
    from conformance.target import Target


class Read(NamedTuple):
    """One read: the operation, the entity that its path names, in which id format, who reads, and whether groups show members."""

    operation: str
    subject: str = "system"
    id_format: str = "uuid"
    caller: str = "owner"
    with_members: bool = False


MEMBERS = Read("getSystemMembers")
MEMBERS_FOR_OTHERS = Read("getSystemMembers", id_format="short", caller="anonymous")
GROUPS = Read("getSystemGroups", id_format="short")
WITH_MEMBERS = Read("getSystemGroups", with_members=True)
MEMBER = Read("getMember", "second member")
GROUP = Read("getGroup", "second group", "short")
GROUP_MEMBERS = Read("getGroupMembers", "first group")
SECOND_GROUP_MEMBERS = Read("getGroupMembers", "second group", caller="anonymous")
MEMBER_GROUPS = Read("getMemberGroups", "second member")
FRONTERS = Read("getFronters", id_format="short")
FRONTERS_FOR_OTHERS = Read("getFronters", caller="anonymous")
SWITCHES = Read("getSystemSwitches")
SWITCH = Read("getSwitch", "switch", "short")
SYSTEM = Read("getSystem")
SYSTEM_FOR_OTHERS = Read("getSystem", id_format="account", caller="anonymous")


class Step(NamedTuple):
    """One write, the entity that its path names, what its body says, the requirement on its effect, and the reads that it changes."""

    operation: str
    subject: str
    body: str
    requirement: str
    reads: tuple[Read, ...]


# In each list and object something is another thing after the write; nothing else is changed meanwhile.
STEPS = (
    Step(
        "createMember",
        "second member",
        "",
        "get-members-contains-created",
        (MEMBERS, MEMBERS_FOR_OTHERS),
    ),
    Step(
        "createGroup",
        "second group",
        "",
        "get-groups-contains-created",
        (GROUPS, WITH_MEMBERS),
    ),
    Step(
        "addGroupMembers",
        "first group",
        "second member",
        "add-group-members-takes-effect",
        (GROUP_MEMBERS, MEMBER_GROUPS, WITH_MEMBERS),
    ),
    Step(
        "addMemberGroups",
        "second member",
        "second group",
        "add-member-groups-takes-effect",
        (MEMBER_GROUPS, SECOND_GROUP_MEMBERS, WITH_MEMBERS),
    ),
    Step(
        "removeGroupMembers",
        "first group",
        "second member",
        "remove-group-members-takes-effect",
        (GROUP_MEMBERS, MEMBER_GROUPS, WITH_MEMBERS),
    ),
    Step(
        "overwriteMemberGroups",
        "second member",
        "first group",
        "overwrite-member-groups-takes-effect",
        (MEMBER_GROUPS, GROUP_MEMBERS, SECOND_GROUP_MEMBERS, WITH_MEMBERS),
    ),
    Step(
        "removeMemberGroups",
        "second member",
        "first group",
        "remove-member-groups-takes-effect",
        (MEMBER_GROUPS, GROUP_MEMBERS, WITH_MEMBERS),
    ),
    Step(
        "overwriteGroupMembers",
        "first group",
        "second member",
        "overwrite-group-members-takes-effect",
        (GROUP_MEMBERS, MEMBER_GROUPS, WITH_MEMBERS),
    ),
    Step(
        "createSwitch",
        "switch",
        "second member",
        "get-fronters-returns-switch-with-members",
        (FRONTERS, FRONTERS_FOR_OTHERS, SWITCHES),
    ),
    Step(
        "updateMember",
        "second member",
        "name",
        "update-member-persists",
        (MEMBER, MEMBERS, MEMBERS_FOR_OTHERS, GROUP_MEMBERS, FRONTERS, SWITCH),
    ),
    Step(
        "updateGroup",
        "second group",
        "name",
        "update-group-persists",
        (GROUP, GROUPS, WITH_MEMBERS),
    ),
    Step(
        "updateSwitchMembers",
        "switch",
        "first member",
        "update-switch-members",
        (FRONTERS, FRONTERS_FOR_OTHERS, SWITCHES, SWITCH),
    ),
    Step(
        "deleteMember",
        "second member",
        "",
        "deleted-member-is-gone",
        (MEMBER, MEMBERS, MEMBERS_FOR_OTHERS, GROUP_MEMBERS, WITH_MEMBERS),
    ),
    Step(
        "deleteGroup",
        "second group",
        "",
        "deleted-group-is-gone",
        (GROUP, GROUPS, WITH_MEMBERS),
    ),
    Step(
        "updateSwitch",
        "switch",
        "timestamp",
        "update-switch-timestamp",
        (SWITCHES, SWITCH),
    ),
    Step(
        "deleteSwitch",
        "switch",
        "",
        "deleted-switch-is-gone",
        (SWITCH,),  # the list of a long history begins long after its time
    ),
    Step(
        "updateSystem",
        "system",
        "description",
        "update-system-persists",
        (SYSTEM, SYSTEM_FOR_OTHERS),
    ),
)
SEVERAL = 3  # writes: after two the second may have undone what the first did
A_TIME = "2016-02-29T11:12:13Z"  # of no other switch of a run


class Sight(NamedTuple):
    """A write, with one read before and after it; `begins_old` says that the first shows what was there before an earlier write."""

    before: Exchange
    write: Exchange
    after: Exchange
    begins_old: bool

    @property
    def is_unchanged(self) -> bool:
        """Whether both reads show the same."""
        return self.after.ok and same(self.after.json, self.before.json)


class ReadsAfterWrites:
    """Sends all steps when the first sight is asked for; when one of them fails, those after it are not sent."""

    def __init__(self, account: Account, discord_id: str | None) -> None:
        """Take the account, and the Discord account of its system if it is known; nothing is sent yet."""
        self.account, self.discord_id = account, discord_id
        self._entities: dict[str, Entity] = {}
        self._last: dict[Read, Exchange] = {}
        self._old: set[Read] = set()  # which showed no effect of the last write
        self._sights: dict[tuple[Step, Read], Sight] = {}
        self._problem: Outcome | None = None

    def sight(self, step: Step, read: Read) -> Sight:
        """Return a read before and after a write; raises the outcome that ended the steps before it."""
        if not self._last and self._problem is None:
            made = outcome_of(self._send_all)
            self._problem = made if isinstance(made, Outcome) else None
        if (step, read) not in self._sights:
            reason = f"{read.operation} was not read before {step.operation}"
            raise self._problem or PreconditionFailed(reason)
        return self._sights[step, read]

    def is_always_unchanged(self, read: Read) -> bool:
        """Whether a read that several writes change shows the same after all of them: then the read itself is wrong."""
        known = [sight for (_, other), sight in self._sights.items() if other == read]
        return len(known) >= SEVERAL and all(sight.is_unchanged for sight in known)

    def _send_all(self) -> None:
        self._entities["first member"] = self.account.member()
        self._entities["first group"] = self.account.group()
        for step in STEPS:
            for read in step.reads:
                if read not in self._last and (
                    read.subject == "system" or read.subject in self._entities
                ):
                    self._last[read] = self._read(read)
            write = need_success(self._write(step))
            for read in step.reads:
                before, self._last[read] = self._last.get(read), self._read(read)
                if before:
                    sight = Sight(before, write, self._last[read], read in self._old)
                    self._sights[step, read] = sight
                    (self._old.add if sight.is_unchanged else self._old.discard)(read)

    def _write(self, step: Step) -> Exchange:
        """Send a write; what it creates gets the name of its subject."""
        account, body = self.account, self._entities.get(step.body)
        if step.operation.startswith("create"):
            make = {"second member": account.member, "second group": account.group}.get(
                step.subject
            )
            made = make() if make else account.switch(*([body] if body else []))
            self._entities[step.subject] = made
            return made.created
        if step.subject == "system":
            return account.change_system(description=account.name())
        entity = self._entities[step.subject]
        if step.operation.startswith("delete"):
            return account.delete(entity)
        values = {"name": {"name": account.name()}, "timestamp": {"timestamp": A_TIME}}
        json = [body.id] if body else values[step.body]
        return account.owner.send(step.operation, entity.refs, json=json)

    def _read(self, read: Read) -> Exchange:
        query = {"with_members": "true"} if read.with_members else None
        caller: Caller = getattr(self.account, read.caller)
        return caller.send(read.operation, self._refs(read), query=query)

    def _refs(self, read: Read) -> dict[str, str]:
        if read.subject == "switch":
            return self._entities["switch"].refs
        if read.subject != "system":
            entity = self._entities[read.subject]
            return Address(entity.kind.capitalize(), entity.id, entity.uuid).refs(read.id_format)
        uuid = str(self.account.snapshot.system.get("uuid") or "")
        system = Address("System", self.account.system_id, uuid, self.discord_id)
        known = read.id_format != "account" or self.discord_id is not None
        return system.refs(read.id_format if known else "short")


@pytest.fixture(scope="session")
def reads_after_writes(account: Account, target: Target) -> ReadsAfterWrites:
    """Writes to entities of their own, with the reads before and after each."""
    return ReadsAfterWrites(account, target.fixtures.get("account_id"))
