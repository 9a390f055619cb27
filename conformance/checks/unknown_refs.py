"""A path that names nothing is answered 404 with the code of what it names (docs: errors#json-error-codes).

Unknown refs in the lists of bodies are tested in `memberships`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.checks import Row, changes_system, each
from conformance.checks.spellings import PARAMETER, addressed
from conformance.wire.client import NO_BODY
from conformance.wire.expectation import expect, expect_error, expect_status
from conformance.wire.outcomes import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.checks.scenes import Scene
    from conformance.contract import Contract
    from conformance.wire import Exchange
    from conformance.world import World

CODES = {"System": 20001, "Member": 20002, "Group": 20004}
HTTP_NOT_FOUND = 404
HTTP_FAILED = 500
LAUNCH = "2021-11"
LISTED_MEMBER = 20003


def unknown(contract: Contract) -> Iterator[Row]:
    """Rows for the reads of systems, and for the operations on members and groups; of those with a list, one each."""
    for model, code in CODES.items():
        names = addressed(contract, model, writes=False)
        if model != "System":
            names += addressed(contract, model, writes=True)
        for name in names:
            path = contract.operations[name].path
            if "{switchId}" not in path and not path.endswith(("/remove", "/overwrite")):
                yield Row((name, model), name, (f"err-{code}",))


def body_of(operation: str, circle: Scene) -> Any:
    """Return a valid body for the operation."""
    if operation.startswith("update"):
        return {"description": "of nobody"}
    if operation.endswith("MemberGroups"):
        return [circle.groups[0].id]
    if operation.endswith("GroupMembers"):
        return [circle.members[0].id]
    return NO_BODY


def departs(exchange: Exchange, revision: str) -> bool:
    """Whether the answer is the one that PluralKit's own server of this revision is known for."""
    body = exchange.json if isinstance(exchange.json, dict) else {}
    operation, not_found = exchange.operation.id, exchange.status == HTTP_NOT_FOUND
    if operation == "getMemberGroups" and revision == LAUNCH:
        return exchange.status == HTTP_FAILED
    if operation == "getMemberGroups":
        return not_found and body.get("code") == LISTED_MEMBER
    problem = exchange.media_type == "application/problem+json" and "code" not in body
    return operation == "getSystem" and revision == LAUNCH and not_found and problem


@changes_system
@each("case", unknown)
def check_unknown_ref_is_404(case: tuple[str, str], world: World, circle: Scene) -> None:
    """A ref of a path that names nothing is answered 404 with the code of its kind."""
    operation, model = case
    writes = world.contract.operations[operation].writes
    body = body_of(operation, circle) if writes else NO_BODY
    exchange = world.owner.send(operation, {PARAMETER[model]: world.unknown_uuid()}, json=body)
    if departs(exchange, world.contract.revision):
        expect(
            f"code of {exchange.label}",
            holds=False,
            expected=Wording(f"status 404 with code {CODES[model]}"),
            actual=Wording(f"status {exchange.status}: {exchange.text}"),
            exchange=exchange,
            as_upstream=True,
        )
    expect_status(exchange, HTTP_NOT_FOUND)
    expect_error(exchange, HTTP_NOT_FOUND, (CODES[model],))
