"""Nobody changes what is of another system (docs: errors#json-error-codes).

The token of the other system is used on what the run made in its own one; the own token is used below the other system only
where a server that carries the request out does no harm. Lists with what is of the other system are tested in `memberships`.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TYPE_CHECKING

import pytest

from conformance.checks import each, requirement
from conformance.checks.privacy.fields import reveals
from conformance.contract import inputs
from conformance.contract.rows import Row
from conformance.http import ME, NotApplicable
from conformance.http.assertions import (
    ABSENT,
    expect,
    expect_accepted,
    expect_rejected,
    expect_value,
    need_object,
)
from conformance.scenarios.callers import harmless_body, of_callers, path_of
from conformance.scenarios.coded_answers import NEEDS_ME, expect_answer, needs_me
from conformance.scenarios.rejected_writes import RejectedWrites, expect_unchanged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract, Operation
    from conformance.contract.inputs import Cell
    from conformance.http import Caller, Exchange
    from conformance.scenarios.rejected_writes import Request, Way
    from conformance.scenarios.unusable_refs import UnusableRefs
    from conformance.scenarios.valid_writes import ValidWrites

OWNED = (30006, 30007)  # the codes for another user who would change a member or a group
FORBIDDEN = 403
CLASSES = ("other-token", "owner")


def owned(contract: Contract) -> Iterator[Row]:
    """Rows for the requests about a member or group that only its owner may send."""
    for code in OWNED:
        for rule in contract.named("error_code", code=code, status=FORBIDDEN):
            for name in contract.requirements[rule].operations:
                # What is added would belong to the other user, or be rejected because it does not.
                operation = contract.operations.get(name)
                if operation is not None and operation.action != "add":
                    yield Row((operation, code), name, (rule,))


def others(contract: Contract) -> Iterator[Row]:
    """Rows for each operation with the classes of callers who have a token, but of the wrong system."""
    for cell in of_callers(contract, *CLASSES):
        rules = (NEEDS_ME,) if needs_me(cell, contract) else cell.rules(contract)
        yield Row(cell, cell.name, rules, cells=(cell,))


def changing(contract: Contract) -> Iterator[Row]:
    """Rows for those operations that would change something."""
    rules: dict[str, dict[str, None]] = {}
    for row in others(contract):
        if row.value.operation.writes:
            rules.setdefault(row.value.operation.id, {}).update(dict.fromkeys(row.requirements))
    for name, own in rules.items():
        yield Row(contract.operations[name], name, tuple(own))


@dataclasses.dataclass(frozen=True)
class SendAsOther:
    """Sends an operation with the token of the other system; or with the own one, for the other system."""

    refs: UnusableRefs
    cell: Cell

    def __call__(self, request: Request) -> Exchange:
        """Send the request, with a body that would do no harm to the other system."""
        cell, refs = self.cell, self.refs
        owns = cell.input_class.id == "owner"
        caller = refs.account.owner if owns else refs.other()
        path, body = path_of(cell, request, refs), harmless_body(cell, request, refs)
        with caller.client.guard.lend(path["systemId"]) if owns else contextlib.nullcontext():
            return caller.send(request.operation.id, path, json=body, query=request.query)


@pytest.fixture(scope="session")
def other_users(
    valid_writes: ValidWrites, unusable_refs: UnusableRefs, contract: Contract
) -> RejectedWrites:
    """Requests about the own system and what is in it with the token of the other one, and the other way round."""
    cells = list(of_callers(contract, *CLASSES))

    def ways(operation: Operation) -> dict[str, Way]:
        own = (cell for cell in cells if cell.operation == operation)
        return {cell.name: SendAsOther(unusable_refs, cell) for cell in own}

    return RejectedWrites(valid_writes, ways)


@each("cell", others)
def check_other_user_is_rejected(
    cell: Cell, other_users: RejectedWrites, contract: Contract
) -> None:
    """A request to change what is another system's is rejected: of a member or group with 403 and its code."""
    exchange = other_users.response(cell.operation, cell.name)
    if needs_me(cell, contract):
        expect_rejected(exchange)
    else:
        expect_answer(cell, exchange, contract)


@each("operation", changing)
def check_other_user_changes_nothing(operation: Operation, other_users: RejectedWrites) -> None:
    """A rejected write by the owner of another system, or below another system, has changed nothing."""
    expect_unchanged(other_users.result(operation))


def secretive(contract: Contract) -> Iterator[Row]:
    """Rows for the requests about members and groups, with the model that the path names."""
    for cell in of_callers(contract, "other-token"):
        models = {"memberId": "Member", "groupId": "Group"}
        for name in {*models} & {*inputs.parameters(cell.operation)}:
            yield Row((cell, models[name]), cell.name)


@requirement("private-field-is-null")
@each("case", secretive)
def check_rejection_of_other_users_shows_nothing_private(
    case: tuple[Cell, str], other_users: RejectedWrites, valid_writes: ValidWrites
) -> None:
    """The rejection of a request about a member or group of another system does not tell its private fields."""
    cell, model = case
    exchange = other_users.response(cell.operation, cell.name)
    private_texts = valid_writes.private_texts(model)
    if exchange.ok or not private_texts:
        reason = f"{exchange.label} was not rejected, or nothing of the {model.lower()} is private"
        raise NotApplicable(reason, exchange)
    leaked = [text for text in private_texts if reveals(exchange.text, text)]
    expect(
        f"private texts in the rejection of {exchange.label}",
        holds=not leaked,
        expected=[],
        actual=leaked,
        exchange=exchange,
    )


@requirement("api-reads-and-modifies-own-system")
def check_owner_reads_and_changes_system(account: Account, owner: Caller) -> None:
    """The owner of a system can change it, and reads what was set."""
    text = account.name()
    expect_accepted(account.change_system(description=text))
    stored = owner.send("getSystem", ME)
    shown = need_object(stored).get("description", ABSENT)
    expect_value(stored, "description of the own system", shown, text)
