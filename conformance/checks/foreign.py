"""Nobody changes members and groups of another system, or puts them into lists (docs: errors#json-error-codes).

Who is the stranger depends: the token of the other system is used on what the run made in its own one, and what the
other system has already is put into lists of the own one. Nothing is created or changed in the other system.
"""

from __future__ import annotations

import json as jsonlib
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import Row, changes_system, each, requirement
from conformance.checks.attempts import Attempts, expect_unchanged
from conformance.wire import ME, NotApplicable
from conformance.wire.expectation import (
    ABSENT,
    described,
    expect,
    expect_error,
    expect_refused,
    expect_value,
    need_list,
    need_object,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.checks.attempts import Request
    from conformance.checks.scenes import Scene
    from conformance.checks.trials import Trials
    from conformance.checks.writes import Writes
    from conformance.contract import Contract, Operation
    from conformance.wire import Caller, Exchange
    from conformance.world import World

LISTS = {"member": "getSystemMembers", "group": "getSystemGroups"}
# What a stranger may not change, by the code that says so; a list in the body may be looked at first.
OWNED = {30006: (30006, 30009), 30007: (30007, 30008)}
FORBIDDEN = 403
STRANGER = "stranger"
# Bodies that list a foreign ref, with the code that upstream's server is known to send where it is another one.
LISTED = {
    "createSwitch": ("member", 30008, 20003),
    "updateSwitchMembers": ("member", 30008, None),
    "addGroupMembers": ("member", 30008, 20003),
    "overwriteGroupMembers": ("member", 30008, 20003),
    "addMemberGroups": ("group", 30009, 20004),
    "overwriteMemberGroups": ("group", 30009, 20005),
}


class Foreigners:
    """What the other system holds, read once."""

    def __init__(self, other: Callable[[], Caller]) -> None:
        """Take who may read it."""
        self.other = other
        self._rows: dict[str, dict[str, Any]] = {}

    def any(self, kind: str) -> dict[str, Any]:
        """Return a member or group of the other system, as its owner sees it."""
        if kind not in self._rows:
            rows = need_list(self.other().send(LISTS[kind], ME))
            if not rows:
                reason = f"the other system has no {kind}"
                raise NotApplicable(reason)
            self._rows[kind] = rows[0]
        return self._rows[kind]


class Lists:
    """Sends each list with a foreign ref to something of one's own, once."""

    def __init__(self, foreigners: Foreigners, bare: Scene, world: World) -> None:
        """Take a member and a group that belong together, and a switch."""
        self.foreigners, self.bare, self.world = foreigners, bare, world
        self.around: dict[str, tuple[Exchange, Exchange]] = {}
        self._answers: dict[str, Exchange] = {}

    def answer(self, operation: str) -> Exchange:
        """Return the answer to an operation."""
        if operation not in self._answers:
            ref = self.foreigners.any(LISTED[operation][0])["id"]
            self._answers[operation] = self._send(operation, ref)
        return self._answers[operation]

    def _send(self, operation: str, ref: str) -> Exchange:
        owner = self.world.owner
        if operation == "createSwitch":
            sent = {"members": [ref], "timestamp": "2020-06-07T08:09:10Z"}
            exchange = owner.send(operation, ME, json=sent)
            self.world.adopt("switch", sent, exchange)
            return exchange
        if operation == "updateSwitchMembers":
            if self.bare.switch is None:
                raise self.bare.trouble["getSwitch"]
            return owner.send(operation, self.bare.switch.refs, json=[ref])
        return self._send_membership(operation, ref)

    def _send_membership(self, operation: str, ref: str) -> Exchange:
        owner, side = self.world.owner, operation.endswith("GroupMembers")
        own = self.bare.groups[0] if side else self.bare.members[0]
        if not operation.startswith("overwrite"):
            return owner.send(operation, own.refs, json=[ref])
        shown = "getGroupMembers" if side else "getMemberGroups"
        before = owner.send(shown, own.refs)
        exchange = owner.send(operation, own.refs, json=[ref])
        self.around[operation] = before, owner.send(shown, own.refs)
        return exchange


@pytest.fixture(scope="session")
def lists(foreigners: Foreigners, bare: Scene, world: World) -> Lists:
    """What the checks of lists look at."""
    return Lists(foreigners, bare, world)


@pytest.fixture(scope="session")
def foreigners(callers: Any) -> Foreigners:
    """What all checks of this module look at."""
    return Foreigners(callers["other"])


def owned(contract: Contract) -> Iterator[Row]:
    """Rows for the requests about a member or group that only its owner may send."""
    for code in OWNED:
        for rule in contract.about(code=code, status=FORBIDDEN):
            for name in contract.requirements[rule].operations:
                if name in contract.operations:
                    yield Row((contract.operations[name], code), name, (rule,))


def owned_writes(contract: Contract) -> Iterator[Row]:
    """Rows for those of them that would change something."""
    for row in owned(contract):
        operation = row.value[0]
        if operation.writes:
            yield Row(operation, row.id, row.requirements)


def listed(contract: Contract) -> Iterator[Row]:
    """Rows for the bodies that list something foreign."""
    for operation, (kind, code, upstream) in LISTED.items():
        rules = contract.about(code=code, status=403)
        yield Row((operation, kind, code, upstream), operation, rules)


def overwrites(contract: Contract) -> Iterator[Row]:
    """Rows for those that would replace what is there."""
    return (row for row in listed(contract) if row.value[0].startswith("overwrite"))


@pytest.fixture(scope="session")
def strangers(writes: Writes, world: World, callers: Any) -> Attempts:
    """Requests about the own system and what is in it, with the token of the other one."""
    other: Caller = callers["other"]()

    def send(request: Request) -> Exchange:
        write = request.write
        named = {"systemId": world.system_id} if "systemId" in write.refs else {}
        refs = write.refs | named
        return other.send(write.operation, refs, json=request.body, query=request.query)

    return Attempts(writes, lambda _: {STRANGER: send})


@changes_system
@each("case", owned)
def check_stranger_is_refused(case: tuple[Operation, int], strangers: Attempts) -> None:
    """A request to change a member or group, with the token of another system, is answered 403 with its code."""
    operation, code = case
    lists = (operation.request_schema or {}).get("type") == "array"
    codes = OWNED[code] if lists else (code,)
    expect_error(strangers.answer(operation, STRANGER), FORBIDDEN, codes)


@changes_system
@each("operation", owned_writes)
def check_stranger_changes_nothing(operation: Operation, strangers: Attempts) -> None:
    """A write that was refused to the owner of another system has changed nothing."""
    expect_unchanged(strangers.of(operation))


@changes_system
@requirement("auth-by-system-token")
def check_stranger_cannot_change_the_system(strangers: Attempts, contract: Contract) -> None:
    """The token of one system does not authenticate another: a PATCH is refused, and changes nothing."""
    operation = contract.operations["updateSystem"]
    expect_refused(strangers.answer(operation, STRANGER))
    expect_unchanged(strangers.of(operation))


@changes_system
@each("case", listed)
def check_foreign_ref_in_a_list_is_refused(
    case: tuple[str, str, int, int | None], lists: Lists
) -> None:
    """A body that lists a member or group of another system is answered 403 with its code."""
    operation, _, code, upstream = case
    exchange = lists.answer(operation)
    body = exchange.json if isinstance(exchange.json, dict) else {}
    expect(
        exchange.label,
        holds=(exchange.status, body.get("code")) == (FORBIDDEN, code),
        as_upstream=(exchange.status, body.get("code")) == (404, upstream),
        expected=f"403 with code {code}",
        actual=described(exchange),
        exchange=exchange,
    )


@changes_system
@each("case", overwrites)
def check_refused_overwrite_keeps_the_list(
    case: tuple[str, str, int, int | None], lists: Lists
) -> None:
    """A list that was to be overwritten with something foreign holds what it held."""
    answer = lists.answer(case[0])
    if answer.ok:
        reason = f"{answer.label} was accepted"
        raise NotApplicable(reason, answer)
    before, after = lists.around[case[0]]
    expect_value(after, "ids listed after a refused overwrite", ids_of(after), ids_of(before))


@changes_system
@requirement("api-reads-and-modifies-own-system")
def check_owner_reads_and_changes_system(trials: Trials) -> None:
    """The owner of a system can change it, and reads what was set."""
    changed, stored = trials.shown("System")[-2:]
    body = jsonlib.loads(changed.request_body or "{}")
    for key, value in body.items():
        shown = need_object(stored).get(key, ABSENT)
        expect_value(stored, f"{key} of the own system", shown, value)


def ids_of(exchange: Exchange) -> list[str]:
    """Return the ids that a list shows."""
    return sorted(str(row.get("id")) for row in need_list(exchange) if isinstance(row, dict))
