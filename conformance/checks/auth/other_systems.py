"""Nobody changes members and groups of another system, or puts them into lists (docs: errors#json-error-codes).

Who is the stranger depends: the token of the other system is used on what the run made in its own one, and what the
other system has already is put into lists of the own one. Nothing is created or changed in the other system.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import changes_system, each, requirement
from conformance.checks.privacy.fields import tells
from conformance.contract.rows import Row
from conformance.http import ME, NotApplicable
from conformance.http.assertions import (
    ABSENT,
    described,
    expect,
    expect_error,
    expect_refused,
    expect_status,
    expect_value,
    need_list,
    need_object,
)
from conformance.scenarios.rejected_writes import Attempts, expect_unchanged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.account import World
    from conformance.contract import Contract, Operation
    from conformance.http import Caller, Exchange
    from conformance.scenarios.rejected_writes import Request, Way
    from conformance.scenarios.shown_entities import Scene
    from conformance.scenarios.valid_writes import Writes

LISTS = {"member": "getSystemMembers", "group": "getSystemGroups"}
OWNED = (30006, 30007)  # what a stranger is told who would change a member or a group
FORBIDDEN = 403
STRANGER = "stranger"
BELOW_ME = "below-me"  # the stranger, who looks for the switch below the own system
# What a stranger may not change of a system; only what names something of it, so that nothing of the other one can change.
OF_SYSTEM = ("updateSystem", "updateSwitch", "deleteSwitch")
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


@pytest.fixture(scope="session")
def foreigners(callers: Any) -> Foreigners:
    """What all checks of lists look at."""
    return Foreigners(callers["other"])


def owned(contract: Contract) -> Iterator[Row]:
    """Rows for the requests about a member or group that only its owner may send."""
    for code in OWNED:
        for rule in contract.about(code=code, status=FORBIDDEN):
            for name in contract.requirements[rule].operations:
                # What is added would belong to the stranger, or be refused because it does not.
                if name in contract.operations and not name.startswith("add"):
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


@pytest.fixture(scope="session")
def strangers(writes: Writes, world: World, foreigners: Foreigners) -> Attempts:
    """Requests about the own system and what is in it, with the token of the other one."""

    def body_of(request: Request) -> Any:
        # Lists of their own leave nothing to refuse but that the path is not theirs.
        name = request.write.operation
        if name.startswith("overwrite"):
            return []
        if name.startswith("remove"):
            kind = "member" if name.endswith("Members") else "group"
            return [foreigners.any(kind)["id"]]
        return request.body

    def send(request: Request, system: str = world.system_id) -> Exchange:
        refs, other = dict(request.write.refs), foreigners.other()
        if "systemId" in refs:
            refs["systemId"] = system
        body = body_of(request)
        return other.send(request.operation.id, refs, json=body, query=request.query)

    def ways(operation: Operation) -> dict[str, Way]:
        # How PATCH of the members of a foreign switch goes is for `switch_paths`: upstream carries it out.
        if operation.id == "updateSwitch":
            return {BELOW_ME: partial(send, system="@me")}
        return {STRANGER: send}

    return Attempts(writes, ways)


@changes_system
@each("case", owned)
def check_stranger_is_refused(case: tuple[Operation, int], strangers: Attempts) -> None:
    """A request to change a member or group, with the token of another system, is answered 403 with its code."""
    operation, code = case
    expect_error(strangers.answer(operation, STRANGER), FORBIDDEN, (code,))


@changes_system
@each("operation", owned_writes)
def check_stranger_changes_nothing(operation: Operation, strangers: Attempts) -> None:
    """A write that was refused to the owner of another system has changed nothing."""
    expect_unchanged(strangers.of(operation))


def secretive(contract: Contract) -> Iterator[Row]:
    """The same rows as of all requests, with the model that the path names."""
    for row in owned(contract):
        operation, code = row.value
        yield Row((operation, "Member" if code == OWNED[0] else "Group"), row.id)


@changes_system
@requirement("private-field-is-null")
@each("case", secretive)
def check_refusal_of_a_stranger_tells_nothing_private(
    case: tuple[Operation, str], strangers: Attempts, writes: Writes
) -> None:
    """The refusal of a request about a member or group of another system does not tell its private fields."""
    operation, model = case
    exchange, secrets = strangers.answer(operation, STRANGER), writes.secrets(model)
    if exchange.ok or not secrets:
        reason = f"{exchange.label} was not refused, or nothing of the {model.lower()} is private"
        raise NotApplicable(reason, exchange)
    told = [text for text in secrets if tells(exchange.text, text)]
    expect(
        f"private texts in the refusal of {exchange.label}",
        holds=not told,
        expected=[],
        actual=told,
        exchange=exchange,
    )


@changes_system
@requirement("auth-by-system-token")
@each("name", lambda _: (Row(name, name) for name in OF_SYSTEM))
def check_stranger_cannot_change_the_system(
    name: str, strangers: Attempts, contract: Contract
) -> None:
    """The token of one system does not authenticate another: a write is refused, and changes nothing."""
    operation = contract.operations[name]
    for answer in strangers.of(operation).answers:
        expect_refused(strangers.answer(operation, answer))
    expect_unchanged(strangers.of(operation))


@changes_system
@each("case", listed)
def check_foreign_ref_in_a_list_is_refused(
    case: tuple[str, str, int, int | None],
    foreigners: Foreigners,
    bare: Scene,
    world: World,
) -> None:
    """A body that lists a member or group of another system is answered 403 with its code."""
    operation, kind, code, upstream = case
    exchange = send_list(operation, foreigners.any(kind)["id"], bare, world)
    body = exchange.json if isinstance(exchange.json, dict) else {}
    expect(
        exchange.label,
        holds=(exchange.status, body.get("code")) == (FORBIDDEN, code),
        as_upstream=(exchange.status, body.get("code")) == (404, upstream),
        expected=f"403 with code {code}",
        actual=described(exchange),
        exchange=exchange,
    )


def send_list(operation: str, ref: str, bare: Scene, world: World) -> Exchange:
    """Send a list with a foreign ref after an own one to something of one's own."""
    if operation == "createSwitch":
        sent = {"members": [bare.members[0].id, ref], "timestamp": "2020-06-07T08:09:10Z"}
        exchange = world.owner.send(operation, ME, json=sent)
        world.adopt("switch", sent, exchange)
        return exchange
    if operation == "updateSwitchMembers":
        if bare.switch is None:
            raise bare.trouble["getSwitch"]
        return world.owner.send(operation, bare.switch.refs, json=[bare.members[0].id, ref])
    one, other = bare.groups[0], bare.members[0]
    own, listed = (one, other) if operation.endswith("GroupMembers") else (other, one)
    return world.owner.send(operation, own.refs, json=[listed.id, ref])


@changes_system
@requirement("api-reads-and-modifies-own-system")
def check_owner_reads_and_changes_system(world: World, owner: Caller) -> None:
    """The owner of a system can change it, and reads what was set."""
    text = world.name()
    expect_status(world.change_system(description=text), 200)
    stored = owner.send("getSystem", ME)
    shown = need_object(stored).get("description", ABSENT)
    expect_value(stored, "description of the own system", shown, text)
