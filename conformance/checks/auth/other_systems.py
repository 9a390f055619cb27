"""Nobody changes members and groups of another system, or puts them into lists (docs: errors#json-error-codes).

Who is the other user depends: the token of the other system is used on what the run made in its own one, and what the
other system has already is put into lists of the own one. Nothing is created or changed in the other system.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import each, requirement
from conformance.checks.privacy.fields import reveals
from conformance.contract.rows import Row, table_of
from conformance.http import ME, NotApplicable
from conformance.http.assertions import (
    ABSENT,
    described,
    expect,
    expect_error,
    expect_rejected,
    expect_status,
    expect_value,
    need_list,
    need_object,
)
from conformance.scenarios.rejected_writes import RejectedWrites, expect_unchanged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.account import Account
    from conformance.contract import Contract, Operation
    from conformance.http import Caller, Exchange
    from conformance.scenarios.rejected_writes import Request, Way
    from conformance.scenarios.shown_entities import ShownEntities
    from conformance.scenarios.valid_writes import ValidWrites

LISTS = {"member": "getSystemMembers", "group": "getSystemGroups"}
OWNED = (30006, 30007)  # the codes for another user who would change a member or a group
FORBIDDEN = 403
OTHER_USER = "other_user"
BELOW_ME = "below-me"  # the other user, who looks for the switch below the own system
# What another user may not change of a system; only what names something of it, so that nothing of the other one can change.
OF_SYSTEM = ("updateSystem", "updateSwitch", "deleteSwitch")
# Bodies that list a foreign ref, with the code that PluralKit production is known to send where it is another one.
LISTED = {
    "createSwitch": ("member", 30008, 20003),
    "updateSwitchMembers": ("member", 30008, None),
    "addGroupMembers": ("member", 30008, 20003),
    "overwriteGroupMembers": ("member", 30008, 20003),
    "addMemberGroups": ("group", 30009, 20004),
    "overwriteMemberGroups": ("group", 30009, 20005),
}


class OtherSystemEntities:
    """A member and a group of the other system, read once."""

    def __init__(self, other: Callable[[], Caller]) -> None:
        """Take a function that returns the other caller."""
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
def other_system_entities(callers: Any) -> OtherSystemEntities:
    """The entities that checks of lists name in bodies."""
    return OtherSystemEntities(callers["other"])


def owned(contract: Contract) -> Iterator[Row]:
    """Rows for the requests about a member or group that only its owner may send."""
    for code in OWNED:
        for rule in contract.named("error_code", code=code, status=FORBIDDEN):
            for name in contract.requirements[rule].operations:
                # What is added would belong to the other user, or be rejected because it does not.
                operation = contract.operations.get(name)
                if operation is not None and operation.action != "add":
                    yield Row((operation, code), name, (rule,))


def owned_writes(contract: Contract) -> Iterator[Row]:
    """Rows for those of them that would change something."""
    for row in owned(contract):
        operation = row.value[0]
        if operation.writes:
            yield Row(operation, row.id, row.requirements)


def listed(contract: Contract) -> Iterator[Row]:
    """Rows for the bodies that list something foreign."""
    for operation, (kind, code, upstream) in LISTED.items():
        rules = contract.named("error_code", code=code, status=FORBIDDEN)
        yield Row((operation, kind, code, upstream), operation, rules)


@pytest.fixture(scope="session")
def other_users(
    valid_writes: ValidWrites, account: Account, other_system_entities: OtherSystemEntities
) -> RejectedWrites:
    """Requests about the own system and what is in it, with the token of the other one."""

    def body_of(request: Request) -> Any:
        # Lists of their own leave nothing to reject but that the path is not theirs.
        operation = request.operation
        if operation.action == "overwrite":
            return []
        if operation.action == "remove":
            kind = "member" if operation.entity == "GroupMembers" else "group"
            return [other_system_entities.any(kind)["id"]]
        return request.body

    def send(request: Request, system: str = account.system_id) -> Exchange:
        refs, other = dict(request.write.refs), other_system_entities.other()
        if "systemId" in refs:
            refs["systemId"] = system
        body = body_of(request)
        return other.send(request.operation.id, refs, json=body, query=request.query)

    def ways(operation: Operation) -> dict[str, Way]:
        # How PATCH of the members of a foreign switch goes is for `switches.paths`: upstream carries it out.
        if operation.id == "updateSwitch":
            return {BELOW_ME: partial(send, system="@me")}
        return {OTHER_USER: send}

    return RejectedWrites(valid_writes, ways)


@each("case", owned)
def check_other_user_is_rejected(case: tuple[Operation, int], other_users: RejectedWrites) -> None:
    """A request to change a member or group, with the token of another system, returns 403 with its code."""
    operation, code = case
    expect_error(other_users.response(operation, OTHER_USER), FORBIDDEN, (code,))


@each("operation", owned_writes)
def check_other_user_changes_nothing(operation: Operation, other_users: RejectedWrites) -> None:
    """A rejected write by the owner of another system has changed nothing."""
    expect_unchanged(other_users.result(operation))


def secretive(contract: Contract) -> Iterator[Row]:
    """The same rows as of all requests, with the model that the path names."""
    for row in owned(contract):
        operation, code = row.value
        yield Row((operation, "Member" if code == OWNED[0] else "Group"), row.id)


@requirement("private-field-is-null")
@each("case", secretive)
def check_rejection_of_other_users_shows_nothing_private(
    case: tuple[Operation, str], other_users: RejectedWrites, valid_writes: ValidWrites
) -> None:
    """The rejection of a request about a member or group of another system does not tell its private fields."""
    operation, model = case
    exchange, private_texts = (
        other_users.response(operation, OTHER_USER),
        valid_writes.private_texts(model),
    )
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


@requirement("auth-by-system-token")
@each("name", table_of(OF_SYSTEM))
def check_other_user_cannot_change_the_system(
    name: str, other_users: RejectedWrites, contract: Contract
) -> None:
    """The token of one system does not authenticate another: a write is rejected, and changes nothing."""
    operation = contract.operations[name]
    for response in other_users.result(operation).responses:
        expect_rejected(other_users.response(operation, response))
    expect_unchanged(other_users.result(operation))


@each("case", listed)
def check_foreign_ref_in_a_list_is_rejected(
    case: tuple[str, str, int, int | None],
    other_system_entities: OtherSystemEntities,
    minimal_entities: ShownEntities,
    account: Account,
) -> None:
    """A body that lists a member or group of another system returns 403 with its code."""
    operation, kind, code, upstream = case
    exchange = send_list(
        operation, other_system_entities.any(kind)["id"], minimal_entities, account
    )
    body = exchange.json if isinstance(exchange.json, dict) else {}
    expect(
        exchange.label,
        holds=(exchange.status, body.get("code")) == (FORBIDDEN, code),
        as_upstream=(exchange.status, body.get("code")) == (404, upstream),
        expected=f"403 with code {code}",
        actual=described(exchange),
        exchange=exchange,
    )


def send_list(
    operation: str, ref: str, minimal_entities: ShownEntities, account: Account
) -> Exchange:
    """Send a list with a foreign ref after an own one to something of one's own."""
    if operation == "createSwitch":
        sent = {
            "members": [minimal_entities.members[0].id, ref],
            "timestamp": "2020-06-07T08:09:10Z",
        }
        exchange = account.owner.send(operation, ME, json=sent)
        account.adopt("switch", sent, exchange)
        return exchange
    if operation == "updateSwitchMembers":
        if minimal_entities.switch is None:
            raise minimal_entities.problems["getSwitch"]
        return account.owner.send(
            operation, minimal_entities.switch.refs, json=[minimal_entities.members[0].id, ref]
        )
    one, other = minimal_entities.groups[0], minimal_entities.members[0]
    to_group = account.contract.operations[operation].entity == "GroupMembers"
    own, listed = (one, other) if to_group else (other, one)
    return account.owner.send(operation, own.refs, json=[listed.id, ref])


@requirement("api-reads-and-modifies-own-system")
def check_owner_reads_and_changes_system(account: Account, owner: Caller) -> None:
    """The owner of a system can change it, and reads what was set."""
    text = account.name()
    expect_status(account.change_system(description=text), 200)
    stored = owner.send("getSystem", ME)
    shown = need_object(stored).get("description", ABSENT)
    expect_value(stored, "description of the own system", shown, text)
