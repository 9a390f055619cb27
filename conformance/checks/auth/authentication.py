"""What needs a token is rejected with 401 without one, and changes nothing (docs: reference#authentication).

What a valid token of another system may not do is tested in `auth.other_systems`.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import each, requirement
from conformance.contract.rows import Row, table_of
from conformance.http import ME, NotApplicable, PreconditionFailed
from conformance.http.assertions import (
    ABSENT,
    expect,
    expect_rejected,
    expect_status,
    expect_value,
)
from conformance.http.outcomes import Wording
from conformance.scenarios.callers import of_callers, path_of
from conformance.scenarios.coded_answers import NEEDS_ME, expect_answer, needs_me
from conformance.scenarios.invalid_tokens import (
    KINDS,
    MALFORMED,
    PLACES,
    InvalidTokens,
    misplaced_token,
    rule_of,
)
from conformance.scenarios.rejected_writes import RejectedWrites, expect_unchanged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.account import Account
    from conformance.contract import Contract, Operation
    from conformance.contract.inputs import Cell
    from conformance.http import Caller, Exchange
    from conformance.scenarios.rejected_writes import Request, Way
    from conformance.scenarios.unusable_refs import UnusableRefs
    from conformance.scenarios.valid_writes import ValidWrites
    from conformance.target import Target

# The kind of a token that nobody has, by turns: what looks at the token is the same for all operations in most servers.
OF_WRITES = ("unknown", "truncated", "recased", "unknown", "extended")
OF_READS = ("unknown", "truncated", "extended", "recased", "empty")
CLASSES = ("no-token", "unknown-token")
MISSING, UNAUTHORIZED = "missing", 401
FOR_WRITES = ("auth-401-for-writes", "auth-401-for-member-writes", "auth-401-for-group-writes")


@dataclasses.dataclass(frozen=True)
class Attempt:
    """One request with a kind of token that is none; without a cell it is about the kind alone."""

    operation: Operation
    kind: str
    cell: Cell | None = None

    @property
    def name(self) -> str:
        """What it is called in reports."""
        return self.cell.name if self.cell else f"{self.operation.id}-{self.kind}"


def closed(contract: Contract) -> Iterator[Operation]:
    """Yield the operations that need a token: by themselves, or because they are asked for `@me`."""
    for operation in contract.operations.values():
        if operation.authentication == "required" or "{systemId}" in operation.path:
            yield operation


def every_attempt(contract: Contract) -> Iterator[Attempt]:
    """Yield each such operation with the classes of callers without a token, and one read with all kinds of tokens."""
    turns = {True: itertools.cycle(OF_WRITES), False: itertools.cycle(OF_READS)}
    for cell in of_callers(contract, *CLASSES):
        turn = turns[cell.operation.writes]
        kind = "missing" if cell.input_class.id == "no-token" else next(turn)
        yield Attempt(cell.operation, kind, cell)
    for kind in KINDS:
        yield Attempt(contract.operations["getSystem"], kind)


def tokenless(contract: Contract) -> Iterator[Row]:
    """Rows for each of them, with the requirements that it is rejected."""
    for attempt in every_attempt(contract):
        cell = attempt.cell
        if cell is None:
            yield Row(attempt, attempt.name, (rule_of(attempt.kind),))
        else:
            rules = (NEEDS_ME,) if needs_me(cell, contract) else cell.rules(contract)
            yield Row(attempt, attempt.name, rules, cells=(cell,))


def bodies(contract: Contract) -> Iterator[Row]:
    """The same rows, for the body of the rejection."""
    return (Row(row.value, row.id) for row in tokenless(contract))


def writing(contract: Contract) -> Iterator[Row]:
    """Rows for each operation that would change something."""
    for operation in closed(contract):
        if operation.writes:
            yield Row(operation, operation.id, of_write(contract, operation))


def of_write(contract: Contract, operation: Operation) -> tuple[str, ...]:
    """Return the requirement that this write needs a token."""
    rules = (contract.requirements.get(name) for name in FOR_WRITES)
    return tuple(rule.id for rule in rules if rule and operation.id in rule.operations)


@dataclasses.dataclass(frozen=True)
class SendWithInvalidToken:
    """Sends an operation with one kind of invalid token."""

    invalid_tokens: InvalidTokens
    refs: UnusableRefs
    attempt: Attempt

    def __call__(self, request: Request) -> Exchange:
        """Send the request, complete but for its token."""
        caller, cell = self.invalid_tokens.caller(self.attempt.kind), self.attempt.cell
        path = path_of(cell, request, self.refs) if cell else request.write.refs
        return caller.send(request.operation.id, path, json=request.body, query=request.query)


@pytest.fixture(scope="session")
def invalid_tokens(owner: Caller, account: Account) -> InvalidTokens:
    """The tokens that must be rejected."""
    return InvalidTokens(owner, account)


@pytest.fixture(scope="session")
def attempts(
    valid_writes: ValidWrites,
    invalid_tokens: InvalidTokens,
    unusable_refs: UnusableRefs,
    contract: Contract,
) -> RejectedWrites:
    """What all checks of this module look at."""
    every = list(every_attempt(contract))

    def ways(operation: Operation) -> Mapping[str, Way]:
        own = (attempt for attempt in every if attempt.operation == operation)
        return {
            attempt.name: SendWithInvalidToken(invalid_tokens, unusable_refs, attempt)
            for attempt in own
        }

    return RejectedWrites(valid_writes, ways)


@each("attempt", tokenless)
def check_request_without_token_is_401(
    attempt: Attempt, attempts: RejectedWrites, contract: Contract
) -> None:
    """A request that needs a token and has none, or one that nobody owns, returns 401."""
    exchange = attempts.response(attempt.operation, attempt.name)
    if attempt.cell is None:
        expect_status(exchange, 401)
    elif needs_me(attempt.cell, contract):
        expect_rejected(exchange)
    else:
        violates = violated_by(attempt, attempts, contract)
        expect_answer(attempt.cell, exchange, contract, violates=violates)


def violated_by(attempt: Attempt, attempts: RejectedWrites, contract: Contract) -> tuple[str, ...]:
    """Return what is violated where an attempt is not 401: the rule of writes where it is this one that needs no token at all."""
    missing = {one.operation.id: one for one in every_attempt(contract) if one.kind == MISSING}
    general, own = missing["getSystem"], missing[attempt.operation.id]
    of_kind = (rule_of(attempt.kind),)
    if attempts.response(general.operation, general.name).status != UNAUTHORIZED:
        return of_kind
    if attempts.response(own.operation, own.name).status == UNAUTHORIZED:
        return of_kind
    return of_write(contract, attempt.operation) or of_kind


@requirement("errors-are-4xx-json")
@each("attempt", bodies)
def check_401_is_a_json_object(attempt: Attempt, attempts: RejectedWrites) -> None:
    """A 401 carries a JSON object."""
    exchange = need_401(attempt, attempts)
    holds = isinstance(exchange.json, dict)
    shown = Wording(exchange.text or "an empty body")
    expect(
        "the body of a 401", holds=holds, expected="a JSON object", actual=shown, exchange=exchange
    )


@requirement("err-0-401", "error-has-integer-code")
@each("attempt", bodies)
def check_401_has_code_0(attempt: Attempt, attempts: RejectedWrites) -> None:
    """The error object of a 401 has the code 0."""
    exchange = need_401(attempt, attempts)
    expect_value(exchange, "code of a 401", error_key(exchange, "code"), 0)


@requirement("error-has-message")
@each("attempt", bodies)
def check_401_has_a_message(attempt: Attempt, attempts: RejectedWrites) -> None:
    """The error object of a 401 has a message in words."""
    exchange = need_401(attempt, attempts)
    message = error_key(exchange, "message")
    holds = type(message) is str and message != ""  # what is absent is shown in words
    expect("message of a 401", holds=holds, expected="a text", actual=message, exchange=exchange)


def need_401(attempt: Attempt, attempts: RejectedWrites) -> Exchange:
    """Return the 401 to an attempt; without one there is no error body to look at."""
    exchange = attempts.response(attempt.operation, attempt.name)
    if exchange.status != UNAUTHORIZED:
        reason = f"{exchange.label} did not return 401"
        raise NotApplicable(reason, exchange)
    return exchange


def error_key(exchange: Exchange, key: str) -> Any:
    """Return a key of the error object, or words that say that it is not there."""
    body = exchange.json
    return body.get(key, ABSENT) if isinstance(body, dict) else Wording("no JSON object")


@each("operation", writing)
def check_rejected_write_changes_nothing(operation: Operation, attempts: RejectedWrites) -> None:
    """A write that was rejected for want of a token has changed nothing."""
    expect_unchanged(attempts.result(operation))


@requirement("auth-invalid-gives-401")
@each("kind", table_of(MALFORMED))
def check_oddly_shaped_token_is_401(kind: str, invalid_tokens: InvalidTokens) -> None:
    """A token that no system can have is treated like an unknown one."""
    exchange = invalid_tokens.caller(kind).send("getSystem", ME)
    # What stands before a server may reject such a header by itself.
    expect_status(exchange, *((400, 401) if kind == "non-ascii" else (401,)))


def of_systems(contract: Contract) -> Iterator[Row]:
    """Rows for each read that wants nothing but a system."""
    for operation in contract.operations.values():
        alone = operation.path.count("{") == 1 and not operation.needs
        if operation.method == "GET" and "{systemId}" in operation.path and alone:
            yield Row(operation, operation.id)


@requirement("auth-by-system-token", "auth-header-carries-bare-token", "systemref-me")
@each("operation", of_systems)
def check_own_token_is_enough(operation: Operation, owner: Caller) -> None:
    """The token alone, in the Authorization header, authenticates its system."""
    expect_status(owner.send(operation.id, ME), 200, 204)


@requirement("auth-token-in-authorization-header")
@each("place", table_of(PLACES))
def check_token_elsewhere_does_not_count(
    place: str, owner: Caller, target: Target, attempts: RejectedWrites
) -> None:
    """A token in the query, in a header of another name, or in a cookie, authenticates nobody."""
    if place == "query" and not target.is_loopback:
        reason = (
            "a token in a URL could be logged on the way to a target that is not on this machine"
        )
        raise NotApplicable(reason)
    without = attempts.response(owner.contract.operations["getSystem"], f"getSystem-{MISSING}")
    if without.status != UNAUTHORIZED:
        reason = f"{without.label} did not return 401 without any token, either"
        raise PreconditionFailed(reason, without)
    nobody = owner.with_token(None, "anonymous")
    sent = misplaced_token(place, owner.token or "")
    exchange = nobody.send("getSystem", ME, query=sent.get("query"), headers=sent.get("headers"))
    expect_status(exchange, 401)
