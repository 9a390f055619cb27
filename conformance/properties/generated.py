"""Valid generated requests for the operations that read or create: what comes back fits the contract."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import Row, changes_system, each, requirement
from conformance.contract.conformity import misfit
from conformance.properties import generation
from conformance.wire import NotApplicable, Outcome
from conformance.wire.expectation import expect, expect_status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Operation
    from conformance.target import Target
    from conformance.wire import Exchange
    from conformance.world import Entity, World

CREATE = {"createMember": "member", "createGroup": "group", "createSwitch": "switch"}
EXAMPLES = {"createMember": 12, "createGroup": 8, "createSwitch": 5}
OF_READS = 4
PACED = 2  # examples on a target that limits rates
FIXTURES = {"guildId": "guild_id", "messageId": "message_id"}
START = dt.datetime(2019, 1, 1, tzinfo=dt.UTC)


def generated(contract: Contract) -> Iterator[Row]:
    """Rows for the operations that read or create, each with what the docs say that it returns."""
    for operation in contract.operations.values():
        if not operation.writes or operation.id in CREATE:
            yield Row(operation, operation.id, returned(contract, operation))


def returned(contract: Contract, operation: Operation) -> tuple[str, ...]:
    """Return the requirements that say what the operation returns."""
    return tuple(
        requirement.id
        for requirement in contract.requirements.values()
        if "-returns-" in requirement.id and operation.id in requirement.operations
    )


class Disposables:
    """Entities of the generated requests alone."""

    def __init__(self, world: World, target: Target) -> None:
        """Take the world; nothing is created before it is needed."""
        self.world, self.target = world, target
        self._made: dict[str, Entity] = {}
        self._minutes = 0

    def refs(self, operation: Operation) -> dict[str, str]:
        """Return path parameters that name something."""
        parts = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
        return {name: self._ref(name) for name in parts}

    def switch_body(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return a generated switch with a time of its own, before all others: the newest must not repeat its members."""
        self._minutes += 1
        time = (START - dt.timedelta(minutes=self._minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
        members = [self._entity("member").id] if body.get("members") else []
        return {"members": members, "timestamp": time}

    def guild(self) -> str:
        """Return the guild that the tester declared."""
        return self._fixture("guild_id")

    def _ref(self, name: str) -> str:
        if name == "systemId":
            return "@me"
        if name in FIXTURES:
            return self._fixture(FIXTURES[name])
        return self._entity(name.removesuffix("Id")).id

    def _fixture(self, name: str) -> str:
        if name not in self.target.fixtures:
            reason = f"needs {name} in [fixtures] of the target file"
            raise NotApplicable(reason)
        return self.target.fixtures[name]

    def _entity(self, kind: str) -> Entity:
        if kind not in self._made:
            make = {"member": self.world.member, "group": self.world.group}
            self._made[kind] = (
                make[kind]() if kind in make else self.world.switch(self._entity("member"))
            )
        return self._made[kind]


@pytest.fixture(scope="session")
def disposables(world: World, target: Target) -> Disposables:
    """What all generated requests use."""
    return Disposables(world, target)


@changes_system
@requirement("responses-contain-all-keys", "non-nullable-type-not-null")
@each("operation", generated)
def check_valid_request_is_answered_as_documented(
    operation: Operation, contract: Contract, world: World, disposables: Disposables
) -> None:
    """A valid request succeeds, and the answer fits its model."""
    refs = disposables.refs(operation)
    problems: list[Outcome] = []

    def send(case: Any) -> bool:
        try:
            exchange = _send(operation, case, refs, world, disposables)
            expect_fits(contract, operation, exchange)
        except Outcome as problem:
            problems.append(problem)
        return not problems

    examples = EXAMPLES.get(operation.id, OF_READS)
    if world.owner.client.is_paced:
        examples = PACED
    generation.for_each(contract, operation.id, examples, world.seed, send)
    if problems:
        raise problems[0]


def _send(
    operation: Operation, case: Any, refs: dict[str, str], world: World, disposables: Disposables
) -> Exchange:
    if operation.id not in CREATE:
        query = {name: str(value) for name, value in (case.query or {}).items()}
        if operation.id == "getAutoproxy":
            query = {"guild_id": disposables.guild()}
        return world.owner.send(operation.id, refs, query=query)
    body = disposables.switch_body(case.body) if operation.id == "createSwitch" else case.body
    exchange = world.owner.send(operation.id, refs, json=body)
    world.adopt(CREATE[operation.id], body, exchange)
    return exchange


def expect_fits(contract: Contract, operation: Operation, exchange: Exchange) -> None:
    """The answer is a documented success, in JSON, that fits its model."""
    rules = returned(contract, operation)
    successes = tuple(int(status) for status in operation.responses if status.startswith("2"))
    if not exchange.ok:
        expect_status(exchange, *successes, breaks=rules)
    if exchange.status == 204:
        return
    status = exchange.status if exchange.status in successes else successes[0]
    found = misfit(contract, operation.id, status, exchange.json)
    if found is None:
        return
    breaks = rules
    if found.missing_key:
        breaks = ("responses-contain-all-keys",)
    elif found.forbidden_null:
        breaks = ("non-nullable-type-not-null",)
    expect(
        f"{found.path} in the answer to {operation.id}",
        holds=False,
        expected=f"{found.keyword} {found.wanted}",
        actual=found.value,
        exchange=exchange,
        breaks=breaks,
    )
