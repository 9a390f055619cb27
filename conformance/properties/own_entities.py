"""The entities that generated requests of single operations name: the system, and members, groups and switches that are created when needed."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from conformance.http import Inconclusive, NotApplicable, PreconditionFailed, Refuted
from conformance.properties import initial_state
from conformance.properties.budget import Budget
from conformance.properties.expected_reads import ExpectedReads
from conformance.properties.sender import Sender, SpentError
from conformance.properties.write_requests import WriteRequests
from conformance.scenarios.valid_writes import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Operation
    from conformance.properties.account_state import EntityState, Switch
    from conformance.properties.expected_reads import ExpectedRead
    from conformance.target import Target

MOST_READS = 2  # after requests that must have changed nothing
# The model of the refs that an operation lists, by its entity.
LISTED_MODEL = {"MemberGroups": "Group", "GroupMembers": "Member"}
BODIES: dict[str, Any] = {
    "updateSwitch": {"timestamp": "2012-01-02T00:00:00Z"},
    "updateSwitchMembers": [],
    "updateSystemSettings": {"latch_timeout": 60},
    "updateAutoproxy": {"autoproxy_mode": "off"},
    "updateSystemGuildSettings": {"tag_enabled": True},
    "updateMemberGuildSettings": {"display_name": "written by nobody"},
}
FIXTURES = {"guildId": "guild_id", "messageId": "message_id"}


@contextlib.contextmanager
def also_violating(*requirements: str) -> Iterator[None]:
    """Let whatever is refuted within violate these requirements as well."""
    try:
        yield
    except Refuted as problem:
        problem.also_violates(requirements)
        raise


class OwnEntities:
    """The entities that a property created, and what requests name and carry; nothing is created before it is needed."""

    def __init__(self, account: Account, target: Target) -> None:
        """Take the account and what the tester declared."""
        self.account, self.target, self.contract = account, target, account.contract
        self.sender = Sender(account, account.contract, Budget(0))
        self.others = ("other", "anonymous") if account.other.token is not None else ("anonymous",)
        self._requests: WriteRequests | None = None
        self._hour = 100  # of the last switch; sequences use the hours before

    @property
    def requests(self) -> WriteRequests:
        """The requests to the account; its system is read when this is first used."""
        if self._requests is None:
            account_state = initial_state.read(self.sender, self.target.fixtures.get("account_id"))
            self._requests = WriteRequests(self.sender, account_state)
        return self._requests

    @contextlib.contextmanager
    def within(self, budget: Budget) -> Iterator[None]:
        """Send within this budget; after a response that was wrong or missing, all that was created is deleted.

        Raises:
            NotApplicable: the budget is used up.

        """
        self.sender.budget = budget
        self.sender.evidence.clear()
        try:
            yield
        except (Refuted, Inconclusive):
            self.start_anew()
            raise
        except SpentError:
            reason = "the budget of the run is used up"
            raise NotApplicable(reason) from None

    def start_anew(self) -> None:
        """Delete all that was created, and forget the state of the account."""
        self.sender.clear()
        self._requests = None

    def entity(self, model: str) -> EntityState:
        """Return the system, a member or a group."""
        if model == "System":
            return self.requests.account_state.system
        found = self.requests.account_state.of(model)
        entity = found[0] if found else self.requests.create(model, {})
        if entity is None:
            reason = f"a {model.lower()} could not be created"
            raise PreconditionFailed(reason)
        return entity

    def second_member(self) -> EntityState:
        """Return a second member."""
        members = self.requests.account_state.members
        entity = members[1] if len(members) > 1 else self.requests.create("Member", {})
        if entity is None:
            reason = "a second member could not be created"
            raise PreconditionFailed(reason)
        return entity

    def switch(self) -> Switch:
        """Return a switch."""
        account_state = self.requests.account_state
        if not account_state.switches:
            self.requests.create_switch(self.free_hour(), [self.entity("Member")])
        return account_state.switches[0]

    def free_hour(self) -> int:
        """Return an hour at which there is no switch."""
        self._hour += 1
        return self._hour

    def refs(self, operation: Operation) -> dict[str, str]:
        """Return path parameters that name an entity or a fixture."""
        parts = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
        refs = {name: self._ref(name) for name in parts}
        member = self.target.fixtures.get("guild_member_id")
        return refs | (
            {"memberId": member} if member and {"memberId", "guildId"} <= {*parts} else {}
        )

    def _ref(self, name: str) -> str:
        if name == "systemId":
            return "@me"
        if name in FIXTURES:
            return self.target.fixture(FIXTURES[name])
        if name == "switchId":
            return self.switch().id
        return self.entity({"memberId": "Member", "groupId": "Group"}[name]).id

    def query(self, operation: Operation) -> dict[str, str] | None:
        """Return the query that an operation needs, if it needs one."""
        return (
            {"guild_id": self.target.fixture("guild_id")}
            if operation.entity == "AutoproxySettings"
            else None
        )

    def reads(self, operation: str) -> list[ExpectedRead]:
        """Return the expected reads of the account with this operation."""
        return [read for read in self.expected_reads().plain() if read.operation == operation]

    def other_reads(self, operation: str) -> list[ExpectedRead]:
        """Return further reads with it: by other id formats, and pages."""
        expected_reads = self.expected_reads()
        pages = [read for read in expected_reads.pages() if read.operation == operation]
        return [
            other
            for read in self.reads(operation) + pages
            for other in (*expected_reads.in_format(read), *([read] if read in pages else []))
        ]

    def compare_unchanged(self, operation: Operation, requirements: tuple[str, ...] = ()) -> None:
        """Read what rejected requests named, as its owner: where it is not as before, these requirements are violated as well."""
        reads = self.reads(reading(operation.id)) if operation.writes else []
        for read in [read for read in reads if read.caller == "owner"][:MOST_READS]:
            if self.sender.budget.left:
                with also_violating(*requirements):
                    self.requests.read(read, as_evidence=False)

    def expected_reads(self) -> ExpectedReads:
        """Return the expected reads of the account as it is now."""
        return ExpectedReads(self.requests.oracle, ("owner", *self.others))

    def body(self, operation: Operation) -> Any:
        """Return a valid body for any operation that takes one."""
        if operation.entity in LISTED_MODEL:
            return [self.entity(LISTED_MODEL[operation.entity]).id]
        if operation.id == "createSwitch":
            return {"members": [self.entity("Member").id], "timestamp": "2012-01-01T00:00:00Z"}
        if operation.action == "create":
            return {"name": self.account.name()}
        return BODIES.get(operation.id, {"description": "written by nobody"})
