"""What needs a token is refused with 401 without one, and changes nothing (docs: reference#authentication)."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import Row, changes_system, each, requirement
from conformance.checks.writes import Write, Writes
from conformance.wire import ME, NotApplicable, Outcome
from conformance.wire.client import NO_BODY
from conformance.wire.expectation import ABSENT, expect, expect_status, expect_value
from conformance.wire.outcomes import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Operation
    from conformance.target import Target
    from conformance.wire import Caller, Exchange
    from conformance.world import World

# Each kind of a token that is none, with the requirement that it is refused.
TOKENS = {
    "missing": "auth-missing-gives-401",
    "empty": "auth-missing-gives-401",
    "unknown": "auth-invalid-gives-401",
}
OF_WRITES = ("auth-401-for-writes", "auth-401-for-member-writes", "auth-401-for-group-writes")


def closed(contract: Contract) -> Iterator[Operation]:
    """Yield the operations that need a token: by themselves, or because they are asked for `@me`."""
    for operation in contract.operations.values():
        if operation.authentication == "required" or "{systemId}" in operation.path:
            yield operation


def tokenless(contract: Contract) -> Iterator[Row]:
    """Rows for each such operation, with each kind of a token that is none."""
    for operation in closed(contract):
        for token, rule in TOKENS.items():
            rules = (rule, *_of_write(contract, operation))
            yield Row((operation, token), f"{operation.id}-{token}", rules)


def bodies(contract: Contract) -> Iterator[Row]:
    """The same rows, for the body of the refusal."""
    return (Row(row.value, row.id) for row in tokenless(contract))


def writing(contract: Contract) -> Iterator[Row]:
    """Rows for each operation that would change something."""
    for operation in closed(contract):
        if operation.writes:
            yield Row(operation, operation.id, _of_write(contract, operation))


def _of_write(contract: Contract, operation: Operation) -> tuple[str, ...]:
    rules = (contract.requirements.get(name) for name in OF_WRITES)
    return tuple(rule.id for rule in rules if rule and operation.id in rule.operations)


@dataclasses.dataclass
class Attempt:
    """The answers to one operation by each kind of token."""

    write: Write
    answers: dict[str, Exchange]


class Attempts:
    """Sends every operation once without a token, once with an empty and once with an unknown one."""

    def __init__(self, writes: Writes, world: World) -> None:
        """Take the valid requests to send."""
        self.writes, self.world = writes, world
        self._of: dict[str, Attempt | Outcome] = {}

    def of(self, operation: Operation) -> Attempt:
        """Return the answers of an operation."""
        if operation.id not in self._of:
            try:
                self._of[operation.id] = self._send(operation)
            except Outcome as problem:
                self._of[operation.id] = problem
        found = self._of[operation.id]
        if isinstance(found, Outcome):
            raise found
        return found

    def _send(self, operation: Operation) -> Attempt:
        write = self.writes.write(operation)
        if operation.writes:
            self.writes.look(write)
        self.world.will_change(operation.id)
        attempt = Attempt(write, {})
        for name, token in (
            ("missing", None),
            ("empty", ""),
            ("unknown", self.world.unknown_token()),
        ):
            caller: Caller = self.world.anonymous.with_token(token, "anonymous")
            body = NO_BODY if write.body is None else write.body
            query = self.writes.query(operation)
            exchange = caller.send(operation.id, write.refs, json=body, query=query)
            self.writes.adopt(write, exchange)
            attempt.answers[name] = exchange
        return attempt


@pytest.fixture(scope="session")
def attempts(world: World, contract: Contract, target: Target) -> Attempts:
    """What all checks of this module look at."""
    return Attempts(Writes(world, contract, target), world)


@changes_system
@each("case", tokenless)
def check_request_without_token_is_401(case: tuple[Operation, str], attempts: Attempts) -> None:
    """A request that needs a token and has none, or one that nobody owns, is answered 401."""
    operation, token = case
    expect_status(attempts.of(operation).answers[token], 401)


@changes_system
@requirement("errors-are-4xx-json")
@each("case", bodies)
def check_401_is_a_json_object(case: tuple[Operation, str], attempts: Attempts) -> None:
    """A 401 carries a JSON object."""
    exchange = need_401(case, attempts)
    body = exchange.json
    holds = isinstance(body, dict)
    shown = Wording(exchange.text or "an empty body")
    expect(
        "the body of a 401", holds=holds, expected="a JSON object", actual=shown, exchange=exchange
    )


@changes_system
@requirement("err-0-401", "error-has-integer-code")
@each("case", bodies)
def check_401_has_code_0(case: tuple[Operation, str], attempts: Attempts) -> None:
    """The error object of a 401 has the code 0."""
    exchange = need_401(case, attempts)
    expect_value(exchange, "code of a 401", error_key(exchange, "code"), 0)


@changes_system
@requirement("error-has-message")
@each("case", bodies)
def check_401_has_a_message(case: tuple[Operation, str], attempts: Attempts) -> None:
    """The error object of a 401 has a message in words."""
    exchange = need_401(case, attempts)
    message = error_key(exchange, "message")
    holds = isinstance(message, str) and message != ""
    expect("message of a 401", holds=holds, expected="a text", actual=message, exchange=exchange)


def need_401(case: tuple[Operation, str], attempts: Attempts) -> Exchange:
    """Return the 401 of a case; without one there is no error body to look at."""
    operation, token = case
    exchange = attempts.of(operation).answers[token]
    if exchange.status != 401:
        reason = f"{exchange.label} was not answered 401"
        raise NotApplicable(reason, exchange)
    return exchange


def error_key(exchange: Exchange, key: str) -> Any:
    """Return a key of the error object, or words that say that it is not there."""
    body = exchange.json
    return body.get(key, ABSENT) if isinstance(body, dict) else Wording("no JSON object")


@changes_system
@each("operation", writing)
def check_refused_write_changes_nothing(operation: Operation, attempts: Attempts) -> None:
    """A write that was refused for want of a token has changed nothing."""
    attempt = attempts.of(operation)
    attempts.writes.expect_unchanged(attempt.write)


@requirement("auth-by-system-token", "auth-header-carries-bare-token", "systemref-me")
def check_own_token_is_enough(owner: Caller) -> None:
    """The token alone, in the Authorization header, authenticates its system."""
    expect_status(owner.send("getSystem", ME), 200)


@requirement("auth-token-in-authorization-header")
@each("place", lambda _: (Row(place, place) for place in ("query", "header")))
def check_token_elsewhere_does_not_count(place: str, owner: Caller, target: Target) -> None:
    """A token in the query, or in a header of another name, authenticates nobody."""
    if place == "query" and not target.is_loopback:
        reason = (
            "a token in a URL could be logged on the way to a target that is not on this machine"
        )
        raise NotApplicable(reason)
    token = owner.token or ""
    nobody = owner.with_token(None, "anonymous")
    elsewhere = {
        "query": {"query": {"token": token, "authorization": token}},
        "header": {"headers": {"X-Authorization": token, "Token": token}},
    }
    sent = elsewhere[place]
    exchange = nobody.send("getSystem", ME, query=sent.get("query"), headers=sent.get("headers"))
    expect_status(exchange, 401)
