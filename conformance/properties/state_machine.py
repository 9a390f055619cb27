"""The state machine: sequences of requests that Hypothesis chooses, against the model of one account.

Each rule is one request, and does nothing when there is nothing for it to do. At the end of every sequence everybody reads
everything. What a run of the machine may send, and what becomes of its failures, is decided in `explorer`.
"""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from conformance.properties import strategies
from conformance.properties.expected_views import ExpectedViews, View

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract import Contract
    from conformance.properties.exploration import Explorer
    from conformance.properties.model import AccountState, Switch, Thing
    from conformance.properties.write_requests import Moves

NUMBERS = st.integers(0, 7)
SLOTS = st.integers(0, 11)
LISTED = st.lists(NUMBERS, max_size=4)
RARELY = st.sampled_from([False] * 5 + [True])
VERBS = st.sampled_from(["add", "add", "remove", "overwrite"])
ROWS = st.sampled_from(["groups", "members"])
CHANGES = st.sampled_from(
    [
        "members",
        "members",
        "members",
        "groups",
        "groups",
        "System",
        "Settings",
        "new Member",
        "new Group",
        "new Group",
    ]
)
FRONTS = st.sampled_from(["log", "log", "move", "members"])
DISTURBANCES = st.sampled_from(
    [
        "delete groups",
        "delete groups",
        "delete members",
        "delete switches",
        "trespass members",
        "trespass groups",
    ]
)
NO_KEYS: dict[str, Any] = {}
READ_ONLY = st.sampled_from([*[NO_KEYS] * 4, *strategies.FORGED])
MOST = 3  # members, groups or switches at a time
OTHER_SIDE = {"Group": "Member", "Member": "Group"}
OTHER_ROWS = {"Group": "members", "Member": "groups"}


class Choices:
    """What the rules draw from at one revision."""

    def __init__(self, contract: Contract, others: tuple[str, ...]) -> None:
        """Take the contract, and who else there is."""
        wide = "id-accepted-uppercase" in contract.requirements
        forms = ["short", "uuid", "upper", "dashed", "upper-uuid"] if wide else ["short", "uuid"]
        models = ("Member", "Group")
        self.id_formats = st.sampled_from(forms)
        self.others = st.sampled_from(others)
        self.posts = {model: strategies.bodies(contract, model, post=True) for model in models}
        self.patches = {
            model: strategies.bodies(contract, model, post=False) for model in ("System", *models)
        }
        self.settings = (
            strategies.bodies(contract, "SystemSettings", post=False)
            if "updateSystemSettings" in contract.operations
            else None
        )


class Sequence(RuleBasedStateMachine):
    """One sequence of requests; `explorer` is set by a subclass for each run."""

    explorer: ClassVar[Explorer]

    def __init__(self) -> None:
        """Begin with nothing; the account is looked at by the first rule."""
        super().__init__()
        self.over = True

    @property
    def moves(self) -> Moves:
        """What can be done."""
        return self.explorer.moves

    @property
    def account_state(self) -> AccountState:
        """What the model holds."""
        return self.moves.account_state

    @initialize()
    def begin(self) -> None:
        """Look at the account, and put it back to where all sequences begin."""
        if self.explorer.may_begin():
            self.over = False
            self._guarded(self.explorer.begin)

    def step(self, move: Callable[[], object]) -> None:
        """Carry out one request, unless the sequence has to end."""
        if not self.explorer.may_step():
            self.over = True
        if not self.over:
            self._guarded(move)

    def _guarded(self, move: Callable[[], object]) -> None:
        try:
            self.explorer.guarded(move)
        except BaseException:
            self.over = True
            raise

    def pick(self, rows: str, number: int) -> Any:
        """Return one of the members, groups or switches; where there is none yet one is made instead, and None returned."""
        if self.over:
            return None
        found = getattr(self.account_state, rows)
        if found:
            return found[number % len(found)]
        if rows == "switches" and self.account_state.members:
            self.step(lambda: self.moves.log(number, self.account_state.members[:1]))
        else:
            model = "Group" if rows == "groups" else "Member"
            self.step(lambda: self.moves.create(model, {}))
        return None

    def some(self, model: str, numbers: list[int]) -> list[Thing]:
        """Return some of the members or groups, each once."""
        rows = self.account_state.of(model)
        return list(dict.fromkeys(rows[number % len(rows)] for number in numbers)) if rows else []

    @rule(data=st.data(), kind=CHANGES, number=NUMBERS)
    def change(self, data: st.DataObject, kind: str, number: int) -> None:
        """POST a member or group, or PATCH anything."""
        if self.over:
            return
        if kind in ("System", "Settings"):
            self._change_system(data, kind)
        elif kind.startswith("new"):
            self._create(data, kind.removeprefix("new "))
        else:
            self._change(data, self.pick(kind, number))

    def _create(self, data: st.DataObject, model: str) -> None:
        if len(self.account_state.of(model)) < MOST:
            body = data.draw(self.explorer.choices.posts[model])
            extra = data.draw(READ_ONLY)
            self.step(lambda: self.moves.create(model, {**body, **extra}))

    def _change(self, data: st.DataObject, thing: Thing | None) -> None:
        if thing is not None:
            choices = self.explorer.choices
            body, extra = data.draw(choices.patches[thing.model]), data.draw(READ_ONLY)
            id_format = data.draw(choices.id_formats)
            self.step(lambda: self.moves.patch(thing, {**body, **extra}, id_format))

    def _change_system(self, data: st.DataObject, kind: str) -> None:
        choices = self.explorer.choices
        if kind == "Settings" and choices.settings is not None:
            settings = data.draw(choices.settings)
            self.step(lambda: self.moves.settle(settings))
        else:
            body = {**data.draw(choices.patches["System"]), **data.draw(READ_ONLY)}
            self.step(lambda: self.moves.patch(self.account_state.system, body))

    @rule(data=st.data(), rows=ROWS, number=NUMBERS, verb=VERBS, listed=LISTED)
    def belong(
        self, data: st.DataObject, rows: str, number: int, verb: str, listed: list[int]
    ) -> None:
        """Add, remove or overwrite members of a group, or groups of a member."""
        thing: Thing | None = self.pick(rows, number)
        if thing is None or self.pick(OTHER_ROWS[thing.model], 0) is None:
            return
        others = self.some(OTHER_SIDE[thing.model], listed)
        if data.draw(RARELY):  # all at once, so that lists overlap
            others = list(self.account_state.of(OTHER_SIDE[thing.model]))
        by_uuid, ghost = data.draw(st.booleans()), data.draw(RARELY)
        if others or verb == "overwrite":
            nobody = self.explorer.nobody if ghost else None
            self.step(lambda: self.moves.belong(thing, verb, others, by_uuid=by_uuid, ghost=nobody))

    @rule(data=st.data(), kind=FRONTS, number=NUMBERS, listed=LISTED)
    def front(self, data: st.DataObject, kind: str, number: int, listed: list[int]) -> None:
        """POST a switch, or PATCH its time or its members."""
        if self.pick("members", 0) is None:
            return
        if kind == "log":
            self._log(data, self.some("Member", listed))
            return
        switch: Switch | None = self.pick("switches", number)
        if switch is not None and kind == "move":
            slot = data.draw(SLOTS)
            self.step(lambda: self.moves.move(switch, slot))
        elif switch is not None and self.account_state.may_hold(
            members := self.some("Member", listed)
        ):
            by_uuid = data.draw(st.booleans())
            self.step(lambda: self.moves.replace(switch, members, by_uuid=by_uuid))

    def _log(self, data: st.DataObject, members: list[Thing]) -> None:
        slot, twice = data.draw(st.one_of(SLOTS, st.none())), data.draw(RARELY)
        if len(self.account_state.switches) >= MOST:
            return
        if twice and members:
            self.step(lambda: self.moves.log(slot, [*members, members[0]]))
        elif self.account_state.may_log(members, now=slot is None):
            by_uuid = data.draw(st.booleans())
            self.step(lambda: self.moves.log(slot, members, by_uuid=by_uuid))

    @rule(data=st.data(), number=NUMBERS, kind=DISTURBANCES)
    def disturb(self, data: st.DataObject, number: int, kind: str) -> None:
        """DELETE something, or try to change or delete it as somebody else."""
        verb, _, rows = kind.partition(" ")
        thing = self.pick(rows, number)
        if thing is None:
            return
        choices = self.explorer.choices
        if verb == "delete":
            id_format = "short" if rows == "switches" else data.draw(choices.id_formats)
            self.step(lambda: self.moves.delete(thing, id_format))
        else:
            caller, deletes = data.draw(choices.others), data.draw(st.booleans())
            body = None if deletes else {"description": "written by somebody else"}
            self.step(lambda: self.moves.trespass(thing, caller, body))

    @rule(number=st.integers(0, 99))
    def look(self, number: int) -> None:
        """GET something as somebody."""
        views = [] if self.over else self.views()
        if views:
            self.step(lambda: self._look(views[number * 17 % len(views)], passing=False))

    def views(self) -> list[View]:
        """Return everything there is to see."""
        return ExpectedViews(self.moves.oracle, self.explorer.callers).views()

    def _look(self, view: View, *, passing: bool) -> None:
        self.moves.look(view, passing=passing)

    def teardown(self) -> None:
        """Read everything as everybody, and delete what was made."""
        try:
            # With an exception on its way Hypothesis has already ended the sequence.
            idle = self.over or not self.moves.wrote or sys.exc_info()[0] is not None
            for view in [] if idle else self.views()[: self.explorer.most_views]:
                self.step(functools.partial(self._look, view, passing=True))
        finally:
            self.over = True
            self.explorer.finish()
