"""What generated requests of single operations work with: an account of their own, and one entity of each kind in it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from conformance.http import Inconclusive, NotApplicable, PreconditionFailed, Refuted
from conformance.properties import initial_state
from conformance.properties.budget import Budget
from conformance.properties.comparison import Arena, SpentError
from conformance.properties.expected_views import ExpectedViews
from conformance.properties.write_requests import Moves
from conformance.scenarios.valid_writes import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Operation
    from conformance.properties.expected_views import View
    from conformance.properties.model import Switch, Thing
    from conformance.target import Target

MOST_READS = 2  # after requests that must have changed nothing
FIXTURES = {"guildId": "guild_id", "messageId": "message_id"}


@contextlib.contextmanager
def blamed(*rules: str) -> Iterator[None]:
    """Let whatever is refuted within break these requirements as well."""
    try:
        yield
    except Refuted as problem:
        problem.also_violates(rules)
        raise


class Cast:
    """The entities of generated requests; nothing is created before it is needed."""

    def __init__(self, account: Account, target: Target) -> None:
        """Take the account and what the tester declared."""
        self.account, self.target, self.contract = account, target, account.contract
        self.arena = Arena(account, account.contract, Budget(0))
        self.others = ("other", "anonymous") if account.other.token is not None else ("anonymous",)
        self._moves: Moves | None = None
        self._slot = 100  # sequences use the times before

    @property
    def moves(self) -> Moves:
        """What can be done; the system is looked at when this is first asked for."""
        if self._moves is None:
            account_state = initial_state.read(self.arena, self.target.fixtures.get("account_id"))
            self._moves = Moves(self.arena, account_state)
        return self._moves

    @contextlib.contextmanager
    def lent(self, budget: Budget) -> Iterator[None]:
        """Work within this budget; after a request whose effect is not what was expected, or not known, all begins anew."""
        self.arena.budget = budget
        self.arena.kept.clear()
        try:
            yield
        except (Refuted, Inconclusive):
            self.start_anew()
            raise
        except SpentError:
            reason = "the budget of the run is used up"
            raise NotApplicable(reason) from None

    def start_anew(self) -> None:
        """Delete all that was made, and forget what the model holds."""
        self.arena.clear()
        self._moves = None

    def thing(self, model: str) -> Thing:
        """Return the system, a member or a group."""
        if model == "System":
            return self.moves.account_state.system
        found = self.moves.account_state.of(model)
        made = found[0] if found else self.moves.create(model, {})
        if made is None:
            reason = f"a {model.lower()} could not be made"
            raise PreconditionFailed(reason)
        return made

    def partner(self) -> Thing:
        """Return a second member."""
        members = self.moves.account_state.members
        made = members[1] if len(members) > 1 else self.moves.create("Member", {})
        if made is None:
            reason = "a second member could not be made"
            raise PreconditionFailed(reason)
        return made

    def switch(self) -> Switch:
        """Return a switch."""
        account_state = self.moves.account_state
        if not account_state.switches:
            self.moves.log(self.slot(), [self.thing("Member")])
        return account_state.switches[0]

    def slot(self) -> int:
        """Return a time at which there is no switch."""
        self._slot += 1
        return self._slot

    def refs(self, operation: Operation) -> dict[str, str]:
        """Return path parameters that name something."""
        parts = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
        return {name: self._ref(name) for name in parts}

    def fixture(self, name: str) -> str:
        """Return what the tester declared under this name; raises NotApplicable."""
        if name not in self.target.fixtures:
            reason = f"needs {name} in [fixtures] of the target file"
            raise NotApplicable(reason)
        return self.target.fixtures[name]

    def _ref(self, name: str) -> str:
        if name == "systemId":
            return "@me"
        if name in FIXTURES:
            return self.fixture(FIXTURES[name])
        if name == "switchId":
            return self.switch().id
        return self.thing({"memberId": "Member", "groupId": "Group"}[name]).id

    def query(self, operation: Operation) -> dict[str, str] | None:
        """Return the query that an operation cannot do without."""
        return {"guild_id": self.fixture("guild_id")} if "autoproxy" in operation.path else None

    def views(self, operation: str) -> list[View]:
        """Return the ways to look at the account with this operation."""
        return [view for view in self.expected_views().views() if view.operation == operation]

    def ways(self, operation: str) -> list[View]:
        """Return further ways to look with it: other id formats of what its path names, and pages."""
        expected_views = self.expected_views()
        pages = [view for view in expected_views.pages() if view.operation == operation]
        return [
            way
            for view in self.views(operation) + pages
            for way in (*expected_views.in_format(view), *([view] if view in pages else []))
        ]

    def look_back(self, operation: Operation, rules: tuple[str, ...] = ()) -> None:
        """Read what requests that were rejected named, as its owner: it is as it was; else these are broken as well."""
        views = self.views(reading(operation.id)) if operation.writes else []
        for view in [view for view in views if view.caller == "owner"][:MOST_READS]:
            if self.arena.budget.left:
                with blamed(*rules):
                    self.moves.look(view, passing=True)

    def expected_views(self) -> ExpectedViews:
        """Return all ways to look at the account."""
        return ExpectedViews(self.moves.oracle, ("owner", *self.others))

    def body(self, operation: Operation) -> Any:
        """Return a valid body for any operation that takes one."""
        if operation.id == "createSwitch":
            return {"members": [self.thing("Member").id], "timestamp": "2012-01-01T00:00:00Z"}
        if operation.id == "updateSwitch":
            return {"timestamp": "2012-01-02T00:00:00Z"}
        if operation.path.endswith(("/add", "/remove", "/overwrite")):
            return (
                [self.thing("Group").id]
                if "{memberId}" in operation.path
                else [self.thing("Member").id]
            )
        if operation.id == "updateSwitchMembers":
            return []
        if operation.id.startswith("create"):
            return {"name": self.account.name()}
        bodies: dict[str, Any] = {
            "updateSystemSettings": {"latch_timeout": 60},
            "updateAutoproxy": {"autoproxy_mode": "off"},
            "updateSystemGuildSettings": {"tag_enabled": True},
        }
        return bodies.get(
            operation.id,
            {"display_name" if "guild" in operation.path else "description": "written by nobody"},
        )
