"""Members and groups of another system cannot be changed, nor be put into one's own lists (docs: errors#json-error-codes).

They are those that the other system has already; nothing is created in it. The PATCHes set what is there, so that a
server that carries them out does no harm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import Row, changes_system, each
from conformance.wire import ME, NotApplicable
from conformance.wire.expectation import described, expect, expect_error, need_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.checks.scenes import Scene
    from conformance.contract import Contract
    from conformance.wire import Caller, Exchange
    from conformance.world import World

LISTS = {"member": "getSystemMembers", "group": "getSystemGroups"}
UPDATES = {"member": ("updateMember", 30006), "group": ("updateGroup", 30007)}
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
    """What all checks of this module look at."""
    return Foreigners(callers["other"])


def updates(contract: Contract) -> Iterator[Row]:
    """Rows for the PATCHes of something foreign."""
    for kind, (operation, code) in UPDATES.items():
        yield Row((kind, operation, code), operation, contract.about(code=code, status=403))


def listed(contract: Contract) -> Iterator[Row]:
    """Rows for the bodies that list something foreign."""
    for operation, (kind, code, upstream) in LISTED.items():
        rules = contract.about(code=code, status=403)
        yield Row((operation, kind, code, upstream), operation, rules)


@changes_system
@each("case", updates)
def check_foreign_entity_cannot_be_changed(
    case: tuple[str, str, int], foreigners: Foreigners, owner: Caller
) -> None:
    """A PATCH of a member or group of another system is answered 403 with its code."""
    kind, operation, code = case
    row = foreigners.any(kind)
    # Lent by the module's promise: the body says what is stored already.
    owner.client.guard.allow(row["id"])
    body = {"display_name": row.get("display_name")}
    exchange = owner.send(operation, {f"{kind}Id": row["id"]}, json=body)
    expect_error(exchange, 403, (code,))


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
        holds=(exchange.status, body.get("code")) == (403, code),
        as_upstream=(exchange.status, body.get("code")) == (404, upstream),
        expected=f"403 with code {code}",
        actual=described(exchange),
        exchange=exchange,
    )


def send_list(operation: str, ref: str, bare: Scene, world: World) -> Exchange:
    """Send a list with a foreign ref to something of one's own."""
    if operation == "createSwitch":
        sent = {"members": [ref], "timestamp": "2020-06-07T08:09:10Z"}
        exchange = world.owner.send(operation, ME, json=sent)
        world.adopt("switch", sent, exchange)
        return exchange
    if operation == "updateSwitchMembers":
        if bare.switch is None:
            raise bare.trouble["getSwitch"]
        return world.owner.send(operation, bare.switch.refs, json=[ref])
    own = bare.groups[0] if operation.endswith("GroupMembers") else bare.members[0]
    return world.owner.send(operation, own.refs, json=[ref])
