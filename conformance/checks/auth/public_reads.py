"""Public data can be read without a token (docs: reference#authentication).

That a list is open again after it was private is tested in `privacy.lists`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.account.refs import Address, rule_of
from conformance.checks import each
from conformance.contract.rows import Row
from conformance.http import Outcome
from conformance.http.assertions import described, expect, expect_status
from conformance.http.outcomes import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract, Operation
    from conformance.http import Caller
    from conformance.scenarios.valid_writes import ValidWrites
    from conformance.target import Target

RULE = "auth-optional-for-public-reads"
# Of systems as they are before a run some data may be private; of what the run made, and of systems alone, none is.
ALWAYS_PUBLIC = ("getSystem", "getMember", "getGroup", "getGroupMembers")
REJECTED_FOR_PRIVACY = (403, 404)
HTTP_FORBIDDEN = 403
TURNS = ("uuid", "account")  # id formats of the system; `in_format_paths` has the owner use others


def public_reads(contract: Contract) -> Iterator[Row]:
    """Rows for the reads that need no token."""
    for name in contract.requirements[RULE].operations:
        if name in contract.operations:
            operation = contract.operations[name]
            yield Row(operation, name, (RULE, *of_id_format(contract, operation)))


def id_format(contract: Contract, operation: Operation) -> str:
    """Return how the path names the system: each operation gets one of the id formats, by turns."""
    known = (contract.operations.get(name) for name in contract.requirements[RULE].operations)
    reads = [one for one in known if one is not None and "{systemId}" in one.path]
    return TURNS[reads.index(operation) % len(TURNS)] if operation in reads else "short"


def system_in_format(operation: Operation, account: Account, target: Target) -> dict[str, str]:
    """Return the path parameter of the system in its id format; none where the system has no such name."""
    uuid, discord_id = account.snapshot.system.get("uuid"), target.fixtures.get("account_id")
    address = Address("System", account.system_id, str(uuid or ""), discord_id)
    name = id_format(account.contract, operation)
    try:
        return {} if name == "short" else address.refs(name)
    except Outcome:
        return {}


def of_id_format(contract: Contract, operation: Operation) -> tuple[str, ...]:
    """Return the requirement on that id format, where it is another than the usual one."""
    name = id_format(contract, operation)
    return () if name == "short" else (rule_of("System", name),)


def refs_of(
    operation: Operation, valid_writes: ValidWrites, account: Account, target: Target
) -> dict[str, str]:
    """Return path parameters that do not depend on who asks."""
    if "{messageId}" not in operation.path:
        refs = dict(valid_writes.write(operation).refs)
        return refs | ({"systemId": account.system_id} if "systemId" in refs else {})
    return {"messageId": target.fixture("message_id")}


@each("operation", public_reads)
def check_public_read_needs_no_token(
    operation: Operation,
    valid_writes: ValidWrites,
    account: Account,
    target: Target,
    anonymous: Caller,
) -> None:
    """A request for public data works without a token."""
    refs = refs_of(operation, valid_writes, account, target)
    in_format = refs | system_in_format(operation, account, target)
    exchange = anonymous.send(operation.id, in_format)
    if in_format != refs and not exchange.ok and exchange.status != HTTP_FORBIDDEN:
        plain = anonymous.send(operation.id, refs)
        if plain.ok:
            expect_status(exchange, 200, 204, violates=of_id_format(account.contract, operation))
        exchange = plain
    if operation.id in ALWAYS_PUBLIC:
        expect_status(exchange, 200, violates=(RULE,))
    expect(
        exchange.label,
        holds=exchange.ok or exchange.status in REJECTED_FOR_PRIVACY,
        expected=Wording("success, or a rejection for privacy"),
        actual=described(exchange),
        exchange=exchange,
        violates=(RULE,),
    )
