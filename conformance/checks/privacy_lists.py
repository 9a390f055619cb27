"""A private list is refused to others as a whole, with the code of that list (docs: reference#authentication, errors).

Each list privacy key is made private alone; while it is, everybody asks for everything that it closes.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import Row, changes_system, each, requirement
from conformance.wire import ME, Outcome, Unmet
from conformance.wire.expectation import (
    expect_error,
    expect_refused,
    expect_status,
    need_object,
    need_success,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.checks.scenes import Scene
    from conformance.contract import Contract, Operation, PrivateList
    from conformance.wire import Exchange
    from conformance.world import World

OTHERS = ("anonymous", "other")


@dataclasses.dataclass(frozen=True)
class Request:
    """One closed operation, asked for by one caller."""

    operation: str
    closed: PrivateList
    caller: str


def requests(contract: Contract, *callers: str) -> Iterator[Row]:
    """Rows for each operation that a privacy key closes, for each caller."""
    for operation in contract.operations.values():
        closed = operation.private_list
        if closed is not None:
            for caller in callers:
                rules = _requirements(contract, operation)
                yield Row(Request(operation.id, closed, caller), f"{operation.id}-{caller}", rules)


def refused(contract: Contract) -> Iterator[Row]:
    """Rows for those who are refused."""
    return requests(contract, *OTHERS)


def opened(contract: Contract) -> Iterator[Row]:
    """Rows for the owner."""
    return (Row(row.value, row.id) for row in requests(contract, "owner"))


def foreign(contract: Contract) -> Iterator[Row]:
    """Rows for the owner of another system, to be compared with somebody without a token."""
    return (Row(row.value, row.id) for row in requests(contract, "other"))


def reopened(contract: Contract) -> Iterator[Row]:
    """Rows for those who may see a public list."""
    return (Row(row.value, row.id) for row in requests(contract, *OTHERS))


def _requirements(contract: Contract, operation: Operation) -> tuple[str, ...]:
    closed = operation.private_list
    assert closed is not None
    code = contract.about(code=closed.code, status=closed.status)
    lists = contract.about(operation=operation.id, list=closed.key)
    general = ("private-list-is-403",) if closed.status == 403 else ()
    return (*code, *lists, *general)


class Doors:
    """Closes one list after the other, and keeps what everybody was answered then."""

    def __init__(self, world: World, contract: Contract, scene: Scene) -> None:
        """Take a scene with a member, a group and a switch."""
        self.world, self.contract, self.scene = world, contract, scene
        self._answers: dict[tuple[str, str, str], Exchange] = {}
        self._trouble: dict[tuple[str, str], Outcome | None] = {}

    def answer(self, request: Request, value: str) -> Exchange:
        """Return the answer to a request while its privacy key has this value."""
        key = (request.closed.key, value)
        if key not in self._trouble:
            self._trouble[key] = None
            try:
                self._ask_everybody(request.closed, value)
            except Outcome as problem:
                self._trouble[key] = problem
        trouble = self._trouble[key]
        if trouble is not None:
            raise trouble
        return self._answers[request.operation, request.caller, value]

    def _ask_everybody(self, closed: PrivateList, value: str) -> None:
        self._set(closed, value)
        world = self.world
        callers = [world.owner, world.anonymous] + [world.other] * (world.other.token is not None)
        for row in requests(self.contract, *(caller.name for caller in callers)):
            if row.value.closed.key == closed.key:
                caller = next(c for c in callers if c.name == row.value.caller)
                answer = caller.send(row.value.operation, self._refs(row.value.operation))
                self._answers[row.value.operation, caller.name, value] = answer

    def _set(self, closed: PrivateList, value: str) -> None:
        at = ME if closed.model == "System" else self.scene.groups[0].refs
        if closed.model == "System":
            privacy = {key.key: "public" for key in self.contract.privacy_keys_of("System")}
            exchange = self.world.change_system(privacy=privacy | {closed.key: value})
        else:
            exchange = self.world.owner.send(
                "updateGroup", at, json={"privacy": {closed.key: value}}
            )
        need_success(exchange)
        shown = need_object(self.world.owner.send(f"get{closed.model}", at)).get("privacy")
        if isinstance(shown, dict) and shown.get(closed.key) != value:
            reason = f"{closed.key} could not be made {value}"
            raise Unmet(reason, exchange)

    def _refs(self, operation: str) -> dict[str, str]:
        if operation == "getMemberGroups":
            return self.scene.members[0].refs
        if operation == "getGroupMembers":
            return self.scene.groups[0].refs
        system = {"systemId": self.world.system_id}
        if operation != "getSwitch":
            return system
        if self.scene.switch is None:
            raise self.scene.trouble["getSwitch"]
        return system | {"switchId": self.scene.switch.id}


@pytest.fixture(scope="session")
def doors(world: World, contract: Contract, bare: Scene) -> Doors:
    """What all checks of this module look at."""
    return Doors(world, contract, bare)


@changes_system
@each("request_", refused)
def check_private_list_is_refused(request_: Request, doors: Doors, callers: Any) -> None:
    """A request for a private list by somebody else is refused with the status and code of that list."""
    callers[request_.caller]()
    need_success(doors.answer(request_, "public"))
    exchange = doors.answer(request_, "private")
    expect_error(exchange, request_.closed.status, (request_.closed.code,))


@changes_system
@requirement("foreign-token-does-not-open-privacy")
@each("request_", foreign)
def check_foreign_token_opens_no_list(request_: Request, doors: Doors, callers: Any) -> None:
    """The token of another system opens a private list no more than no token does."""
    callers["other"]()
    nobody = doors.answer(dataclasses.replace(request_, caller="anonymous"), "private")
    if not nobody.ok:
        expect_refused(doors.answer(request_, "private"))


@changes_system
@requirement("own-token-opens-private-lists")
@each("request_", opened)
def check_owner_sees_private_list(request_: Request, doors: Doors) -> None:
    """The owner sees the private lists of the own system."""
    expect_status(doors.answer(request_, "private"), 200)


@changes_system
@requirement("auth-optional-for-public-reads")
@each("request_", reopened)
def check_public_list_is_open(request_: Request, doors: Doors, callers: Any) -> None:
    """A list that is public again is shown to everybody."""
    callers[request_.caller]()
    expect_status(doors.answer(request_, "public"), 200)
