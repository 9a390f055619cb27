"""Public data can be read without a token (docs: reference#authentication).

That a list is open again after it was private is tested in `privacy_lists`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import Row, changes_system, each
from conformance.wire import NotApplicable
from conformance.wire.expectation import described, expect, expect_status
from conformance.wire.outcomes import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.checks.writes import Writes
    from conformance.contract import Contract, Operation
    from conformance.target import Target
    from conformance.wire import Caller
    from conformance.world import World

RULE = "auth-optional-for-public-reads"
# Of systems as they are before a run some data may be private; of what the run made, and of systems alone, none is.
ALWAYS_PUBLIC = ("getSystem", "getMember", "getGroup", "getGroupMembers")
REFUSED_FOR_PRIVACY = (403, 404)


def public_reads(contract: Contract) -> Iterator[Row]:
    """Rows for the reads that need no token."""
    for name in contract.requirements[RULE].operations:
        if name in contract.operations:
            yield Row(contract.operations[name], name, (RULE,))


def refs_of(operation: Operation, writes: Writes, world: World, target: Target) -> dict[str, str]:
    """Return path parameters that do not depend on who asks."""
    if "{messageId}" not in operation.path:
        refs = dict(writes.write(operation).refs)
        return refs | ({"systemId": world.system_id} if "systemId" in refs else {})
    if "message_id" not in target.fixtures:
        reason = "needs message_id in [fixtures] of the target file"
        raise NotApplicable(reason)
    return {"messageId": target.fixtures["message_id"]}


@changes_system
@each("operation", public_reads)
def check_public_read_needs_no_token(
    operation: Operation, writes: Writes, world: World, target: Target, anonymous: Caller
) -> None:
    """A request for public data works without a token."""
    exchange = anonymous.send(operation.id, refs_of(operation, writes, world, target))
    if operation.id in ALWAYS_PUBLIC:
        expect_status(exchange, 200)
    expect(
        exchange.label,
        holds=exchange.ok or exchange.status in REFUSED_FOR_PRIVACY,
        expected=Wording("success, or a refusal for privacy"),
        actual=described(exchange),
        exchange=exchange,
    )
