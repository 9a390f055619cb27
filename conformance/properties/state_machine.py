"""The state machine: sequences of requests that Hypothesis chooses, each compared with the state of the account.

Each rule sends one request, or none where there is nothing to name. At the end of every sequence every caller reads
everything. What a run of the machine may send, and what becomes of its failures, is decided in `exploration`.
"""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from conformance.properties import strategies
from conformance.properties.expected_reads import ExpectedRead, ExpectedReads

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract import Contract
    from conformance.properties.account_state import AccountState, EntityState, Switch
    from conformance.properties.exploration import Exploration
    from conformance.properties.write_requests import WriteRequests

NUMBERS = st.integers(0, 7)
HOURS = st.integers(0, 11)
LISTED = st.lists(NUMBERS, max_size=4)
RARELY = st.sampled_from([False] * 5 + [True])
VERBS = st.sampled_from(["add", "add", "remove", "overwrite"])
ROWS = st.sampled_from(["groups", "members"])
# Operations, those that are to be sent more often several times.
CREATED = {"createMember": "Member", "createGroup": "Group"}
PATCHED = {"updateMember": "members", "updateGroup": "groups"}
CREATE_OR_PATCH = st.sampled_from(
    [
        *["updateMember"] * 3,
        *["updateGroup"] * 2,
        "updateSystem",
        "updateSystemSettings",
        "createMember",
        *["createGroup"] * 2,
    ]
)
WRITE_SWITCH = st.sampled_from(
    ["createSwitch", "createSwitch", "updateSwitch", "updateSwitchMembers"]
)
# What is deleted, or named by a write of a caller who may not write.
DELETE, WRITE_AS_OTHER = "delete", "write as other"
DELETE_OR_WRITE_AS_OTHER = st.sampled_from(
    [
        *[(DELETE, "groups")] * 2,
        (DELETE, "members"),
        (DELETE, "switches"),
        (WRITE_AS_OTHER, "members"),
        (WRITE_AS_OTHER, "groups"),
    ]
)
NO_KEYS: dict[str, Any] = {}
READ_ONLY = st.sampled_from([*[NO_KEYS] * 4, *strategies.READ_ONLY_VALUES])
MOST = 3  # members, groups or switches at a time
OTHER_MODEL = {"Group": "Member", "Member": "Group"}
OTHER_ROWS = {"Group": "members", "Member": "groups"}


class Choices:
    """What the rules draw from at one revision."""

    def __init__(self, contract: Contract, others: tuple[str, ...]) -> None:
        """Take the contract, and the callers besides the owner."""
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
    """One sequence of requests; `exploration` is set by a subclass for each run."""

    exploration: ClassVar[Exploration]

    def __init__(self) -> None:
        """Send nothing yet; `begin` reads the account."""
        super().__init__()
        self.over = True

    @property
    def requests(self) -> WriteRequests:
        """The requests to the account."""
        return self.exploration.requests

    @property
    def account_state(self) -> AccountState:
        """The expected state of the account."""
        return self.requests.account_state

    @initialize()
    def begin(self) -> None:
        """Read the account, unless the budget is used up."""
        if self.exploration.may_begin():
            self.over = False
            self._attempt(self.exploration.begin)

    def send(self, request: Callable[[], object]) -> None:
        """Send one request, unless the sequence has to end."""
        if not self.exploration.may_send():
            self.over = True
        if not self.over:
            self._attempt(request)

    def _attempt(self, request: Callable[[], object]) -> None:
        try:
            self.exploration.attempt(request)
        except BaseException:
            self.over = True
            raise

    def pick(self, rows: str, number: int) -> Any:
        """Return one of the members, groups or switches; where there is none yet create one, and return None."""
        if self.over:
            return None
        found = getattr(self.account_state, rows)
        if found:
            return found[number % len(found)]
        if rows == "switches" and self.account_state.members:
            self.send(lambda: self.requests.create_switch(number, self.account_state.members[:1]))
        else:
            model = "Group" if rows == "groups" else "Member"
            self.send(lambda: self.requests.create(model, {}))
        return None

    def some(self, model: str, numbers: list[int]) -> list[EntityState]:
        """Return some of the members or groups, each once."""
        rows = self.account_state.of(model)
        return list(dict.fromkeys(rows[number % len(rows)] for number in numbers)) if rows else []

    @rule(data=st.data(), kind=CREATE_OR_PATCH, number=NUMBERS)
    def create_or_patch(self, data: st.DataObject, kind: str, number: int) -> None:
        """POST a member or group, or PATCH one of them, the system or its settings."""
        if self.over:
            return
        if kind in CREATED:
            self._create(data, CREATED[kind])
        elif kind in PATCHED:
            self._patch(data, self.pick(PATCHED[kind], number))
        else:
            self._patch_system(data, kind)

    def _create(self, data: st.DataObject, model: str) -> None:
        if len(self.account_state.of(model)) < MOST:
            body = data.draw(self.exploration.choices.posts[model])
            extra = data.draw(READ_ONLY)
            self.send(lambda: self.requests.create(model, {**body, **extra}))

    def _patch(self, data: st.DataObject, entity: EntityState | None) -> None:
        if entity is not None:
            choices = self.exploration.choices
            body, extra = data.draw(choices.patches[entity.model]), data.draw(READ_ONLY)
            id_format = data.draw(choices.id_formats)
            self.send(lambda: self.requests.patch(entity, {**body, **extra}, id_format))

    def _patch_system(self, data: st.DataObject, kind: str) -> None:
        choices = self.exploration.choices
        if kind == "updateSystemSettings" and choices.settings is not None:
            settings = data.draw(choices.settings)
            self.send(lambda: self.requests.patch_settings(settings))
        else:
            body = {**data.draw(choices.patches["System"]), **data.draw(READ_ONLY)}
            self.send(lambda: self.requests.patch(self.account_state.system, body))

    @rule(data=st.data(), rows=ROWS, number=NUMBERS, verb=VERBS, listed=LISTED)
    def change_memberships(
        self, data: st.DataObject, rows: str, number: int, verb: str, listed: list[int]
    ) -> None:
        """Add, remove or overwrite members of a group, or groups of a member."""
        entity: EntityState | None = self.pick(rows, number)
        if entity is None or self.pick(OTHER_ROWS[entity.model], 0) is None:
            return
        others = self.some(OTHER_MODEL[entity.model], listed)
        if data.draw(RARELY):  # all at once, so that lists overlap
            others = list(self.account_state.of(OTHER_MODEL[entity.model]))
        by_uuid, with_unknown = data.draw(st.booleans()), data.draw(RARELY)
        if others or verb == "overwrite":
            unknown = self.exploration.unknown_ref if with_unknown else None
            self.send(
                lambda: self.requests.change_memberships(
                    entity, verb, others, by_uuid=by_uuid, unknown_ref=unknown
                )
            )

    @rule(data=st.data(), kind=WRITE_SWITCH, number=NUMBERS, listed=LISTED)
    def write_switch(self, data: st.DataObject, kind: str, number: int, listed: list[int]) -> None:
        """POST a switch, or PATCH its time or its members."""
        if self.pick("members", 0) is None:
            return
        if kind == "createSwitch":
            self._create_switch(data, self.some("Member", listed))
            return
        switch: Switch | None = self.pick("switches", number)
        if switch is not None and kind == "updateSwitch":
            hour = data.draw(HOURS)
            self.send(lambda: self.requests.patch_switch_time(switch, hour))
        elif switch is not None and self.account_state.has_none_alike(
            members := self.some("Member", listed)
        ):
            by_uuid = data.draw(st.booleans())
            self.send(lambda: self.requests.patch_switch_members(switch, members, by_uuid=by_uuid))

    def _create_switch(self, data: st.DataObject, members: list[EntityState]) -> None:
        hour, twice = data.draw(st.one_of(HOURS, st.none())), data.draw(RARELY)
        if len(self.account_state.switches) >= MOST:
            return
        if twice and members:
            self.send(lambda: self.requests.create_switch(hour, [*members, members[0]]))
        elif self.account_state.may_create_switch(members, now=hour is None):
            by_uuid = data.draw(st.booleans())
            self.send(lambda: self.requests.create_switch(hour, members, by_uuid=by_uuid))

    @rule(data=st.data(), number=NUMBERS, kind=DELETE_OR_WRITE_AS_OTHER)
    def delete_or_write_as_other(
        self, data: st.DataObject, number: int, kind: tuple[str, str]
    ) -> None:
        """DELETE a member, group or switch, or PATCH or DELETE one as a caller who may not."""
        action, rows = kind
        entity = self.pick(rows, number)
        if entity is None:
            return
        choices = self.exploration.choices
        if action == DELETE:
            id_format = "short" if rows == "switches" else data.draw(choices.id_formats)
            self.send(lambda: self.requests.delete(entity, id_format))
        else:
            caller, deletes = data.draw(choices.others), data.draw(st.booleans())
            body = None if deletes else {"description": "written by somebody else"}
            self.send(lambda: self.requests.write_as(entity, caller, body))

    @rule(number=st.integers(0, 99))
    def read(self, number: int) -> None:
        """Send one of all reads."""
        reads = [] if self.over else self.reads()
        if reads:
            self.send(lambda: self._read(reads[number * 17 % len(reads)], as_evidence=True))

    def reads(self) -> list[ExpectedRead]:
        """Return all reads of the account by all callers."""
        return ExpectedReads(self.requests.oracle, self.exploration.callers).plain()

    def _read(self, read: ExpectedRead, *, as_evidence: bool) -> None:
        self.requests.read(read, as_evidence=as_evidence)

    def teardown(self) -> None:
        """Send all reads as all callers, as far as the budget allows, and delete what was created."""
        try:
            # With an exception on its way Hypothesis has already ended the sequence.
            idle = self.over or not self.requests.wrote or sys.exc_info()[0] is not None
            for read in [] if idle else self.reads()[: self.exploration.most_reads]:
                self.send(functools.partial(self._read, read, as_evidence=False))
        finally:
            self.over = True
            self.exploration.finish()
