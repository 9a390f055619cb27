"""A body that is not JSON, or not of the right form, returns 400 with code 0 (docs: errors#json-error-codes).

Bodies of the right form with wrong values are tested elsewhere.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING

from conformance.checks import changes_system, each
from conformance.contract.rows import Row
from conformance.http.assertions import expect_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.scenarios.shown_entities import ShownEntities

# Bodies where an object, and where a list is needed.
OBJECT = {
    "unterminated": b'{"name": "a',
    "list": b"[]",
    "null": b"null",
    "empty": b"",
    "nested": b'{"description": ' + b"[" * 5_000,
}
LIST = {
    "unterminated": b'["abcde"',
    "object": b"{}",
    "null": b"null",
    "text": b'"abcde"',
    "objects": b"[{}]",
}


@dataclasses.dataclass(frozen=True)
class Malformed:
    """One operation, and a body that it cannot take."""

    operation: str
    body: bytes


# Operations that get none: each has a sibling with the same body, or needs a guild.
LEFT_OUT = {
    "createMember",
    "updateGroup",
    "removeMemberGroups",
    "overwriteMemberGroups",
    "addGroupMembers",
    "removeGroupMembers",
    "updateSystemGuildSettings",
    "updateMemberGuildSettings",
    "updateAutoproxy",
}


def malformed(contract: Contract) -> Iterator[Row]:
    """Rows for the operations that take a body; each gets another kind of body, by turns."""
    turns = {True: itertools.cycle(LIST.items()), False: itertools.cycle(OBJECT.items())}
    for name in contract.requirements["err-0-400"].operations:
        operation = contract.operations.get(name)
        if operation is not None and name not in LEFT_OUT:
            lists = (operation.request_schema or {}).get("type") == "array"
            form, body = next(turns[lists])
            yield Row(Malformed(name, body), f"{name}-{form}", ("err-0-400",))


def refs_of(operation: str, account: Account, minimal_entities: ShownEntities) -> dict[str, str]:
    """Return the path parameters of the operation."""
    path = account.contract.operations[operation].path
    if "{switchId}" in path:
        if minimal_entities.switch is None:
            raise minimal_entities.problems["getSwitch"]
        return minimal_entities.switch.refs
    if "{systemId}" in path:
        return {"systemId": "@me"}
    if "{memberId}" in path:
        return minimal_entities.members[0].refs
    return minimal_entities.groups[0].refs if "{groupId}" in path else {}


@changes_system
@each("case", malformed)
def check_malformed_body_is_400(
    case: Malformed, account: Account, minimal_entities: ShownEntities
) -> None:
    """A body that is no JSON, or of the wrong form, returns 400 with code 0."""
    account.will_change(case.operation)
    exchange = account.owner.send(
        case.operation,
        refs_of(case.operation, account, minimal_entities),
        content=case.body,
        headers={"Content-Type": "application/json"},
    )
    if exchange.operation.action == "create":
        account.adopt(exchange.operation.entity.lower(), {}, exchange)
    expect_error(exchange, 400, (0,))
