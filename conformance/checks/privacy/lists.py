"""A request by others for a private list is rejected as a whole, with the code of that list (docs: reference#authentication, errors).

Each key that closes lists of a system is private alone once, while everybody asks for everything that one of them
closes; then all are. A group of which all is private, and one with a public list, stand for the lists of groups.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.account.refs import rule_of
from conformance.checks import each, requirement
from conformance.checks.privacy.fields import reveals
from conformance.contract.rows import Row, bare, table_of
from conformance.http import NotApplicable, Outcome, PreconditionFailed
from conformance.http.assertions import expect, expect_status, need_success
from conformance.scenarios.closed_lists import FORBIDDEN, expect_closed, requirements_of
from conformance.scenarios.private_entities import EntityView, all_keys
from conformance.scenarios.system_privacy import (
    ALL,
    NONE,
    OTHERS,
    SystemRead,
    all_private_reads,
    owners_id_format,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, PrivateList
    from conformance.http import Exchange
    from conformance.scenarios.private_entities import PrivateEntities, PrivateKeys

OF_GROUP = "getGroupMembers"
NOT_FOUND = 404


@dataclasses.dataclass(frozen=True)
class Request:
    """One request for a private list, by one caller."""

    operation: str
    closed: PrivateList
    caller: str


def requests(contract: Contract, *callers: str) -> Iterator[Row]:
    """Rows for each operation that a privacy key closes, for each caller."""
    for operation in contract.operations.values():
        closed_by = operation.private_list
        if closed_by is not None:
            for caller in callers:
                rules = requirements_of(contract, operation)
                request = Request(operation.id, closed_by, caller)
                yield Row(request, f"{operation.id}-{caller}", rules)


def rejected(contract: Contract) -> Iterator[Row]:
    """Rows for those whose request is rejected."""
    return requests(contract, *OTHERS)


def while_private(request: Request, private_entities: PrivateEntities) -> Exchange:
    """Return the response to a request while its list is private."""
    if request.closed.model == "System":
        key = request.closed.key
        private_entities.states.need(key, key, "private")
        own = request.caller == "owner"
        id_format = (
            owners_id_format(private_entities.contract, request.operation) if own else "short"
        )
        return private_entities.states.response(
            SystemRead(key, request.operation, request.caller, id_format)
        )
    return _of_group(request, private_entities, private=True)


def while_public(request: Request, private_entities: PrivateEntities) -> Exchange:
    """Return the response to a request while its list, and everything else, is public."""
    if request.closed.model == "System":
        private_entities.states.need(NONE, request.closed.key, "public")
        return private_entities.states.response(SystemRead(NONE, request.operation, request.caller))
    return _of_group(request, private_entities, private=False)


def _of_group(request: Request, private_entities: PrivateEntities, *, private: bool) -> Exchange:
    private_keys, caller = (
        all_keys(private_entities.contract, "Group"),
        getattr(private_entities.account, request.caller),
    )
    if not private:
        return private_entities.shown_entities().read(request.operation, caller)
    private_entities.show(
        EntityView(private_keys, "getGroup", "owner"), private_entities.account.owner
    )
    return private_entities.read_private_group(request.operation, caller)


@each("request_", rejected)
def check_private_list_is_rejected(
    request_: Request, private_entities: PrivateEntities, callers: Any
) -> None:
    """A request for a private list by somebody else is rejected with the status and code of that list."""
    callers[request_.caller]()
    need_success(while_public(request_, private_entities))
    exchange = while_private(request_, private_entities)
    if exchange.ok and request_.caller == "other":
        nobody = while_private(dataclasses.replace(request_, caller="anonymous"), private_entities)
        if not nobody.ok:
            reason = f"{exchange.label} is open to a token, which has a check of its own"
            raise PreconditionFailed(reason, exchange)
    contract = private_entities.contract
    alike = asked_alike(request_, private_entities)
    expect_closed(exchange, contract.operations[request_.operation], contract, alike)


def asked_alike(request_: Request, private_entities: PrivateEntities) -> list[Exchange]:
    """Return the responses to all requests of a caller for private lists of the system."""
    found = []
    for row in requests(private_entities.contract, request_.caller):
        if row.value.closed.model == "System" and row.value.closed.status == FORBIDDEN:
            with contextlib.suppress(Outcome):
                found.append(while_private(row.value, private_entities))
    return found


def in_format(contract: Contract) -> Iterator[Row]:
    """Rows for requests while all is private, by other id formats of the ref, and with a query."""
    for read in all_private_reads(contract):
        operation = contract.operations[read.place.partition("?")[0]]
        name = f"{read.place}-{read.id_format}-{read.caller}"
        yield Row(
            read, name, (*requirements_of(contract, operation), *rules_of_format(read, contract))
        )


def rules_of_format(read: SystemRead, contract: Contract) -> tuple[str, ...]:
    """Return the requirement on the id format of a read; none on the plain short id."""
    model = "Member" if read.place == "getMemberGroups" else "System"
    if read.id_format == "short":
        return ()
    return tuple(
        rule for rule in (rule_of(model, read.id_format),) if rule in contract.requirements
    )


@each("read", in_format)
def check_private_list_is_rejected_by_id_format(
    read: SystemRead, private_entities: PrivateEntities, callers: Any
) -> None:
    """With everything private each list is rejected with its code, however the request writes the ref, with a query too."""
    callers[read.caller]()
    operation = read.place.partition("?")[0]
    need_known(read, operation, private_entities)
    closed_by = private_entities.contract.operations[operation].private_list
    assert closed_by is not None
    private_entities.states.need(ALL, closed_by.key, "private")
    plain = Request(operation, closed_by, read.caller)
    need_closed(plain, private_entities)
    exchange, contract = private_entities.states.response(read), private_entities.contract
    if exchange.status == NOT_FOUND and rules_of_format(read, contract):
        expect_status(exchange, closed_by.status, violates=rules_of_format(read, contract))
    alike = [
        private_entities.states.response(other)
        for other in all_private_reads(contract)
        if other.id_format == read.id_format and (other == read or "?" not in read.place)
    ]
    expect_closed(exchange, contract.operations[operation], contract, alike)


def need_closed(plain: Request, private_entities: PrivateEntities) -> None:
    """Raise NotApplicable where a list is not even rejected when it is asked for by the short id: that has a check of its own."""
    exchange = while_private(plain, private_entities)
    if exchange.status != plain.closed.status:
        reason = f"{exchange.label} did not return {plain.closed.status} by the short id, either"
        raise NotApplicable(reason, exchange)


@requirement("private-field-is-null")
@each("read", lambda contract: bare(in_format(contract)))
def check_rejection_shows_nothing_private(
    read: SystemRead, private_entities: PrivateEntities, callers: Any
) -> None:
    """The rejection of a private list does not tell others the private fields of the system."""
    callers[read.caller]()
    private_entities.states.need(ALL, "description_privacy", "private")
    private_keys = all_keys(private_entities.contract, "System")
    expect_nothing_leaked(private_entities.states.response(read), private_keys, private_entities)


def closed_groups(contract: Contract) -> Iterator[Row]:
    """Rows for the list of a group, named by its UUID, and for those who are rejected it."""
    rules = requirements_of(contract, contract.operations[OF_GROUP])
    yield Row("anonymous", f"{OF_GROUP}-uuid-anonymous", rules)


@each("caller", closed_groups)
def check_private_group_is_rejected_by_uuid(
    caller: str, private_entities: PrivateEntities, callers: Any
) -> None:
    """The private list of a group is rejected with its code when the group is named by its UUID, too."""
    private_keys, who = all_keys(private_entities.contract, "Group"), callers[caller]()
    private_entities.show(
        EntityView(private_keys, "getGroup", "owner"), private_entities.account.owner
    )
    need_success(
        private_entities.read(EntityView(private_keys, "getGroup", caller, "uuid"), who)[0]
    )
    need_success(private_entities.shown_entities().read(OF_GROUP, who, id_format="uuid"))
    contract = private_entities.contract
    closed_by = contract.operations[OF_GROUP].private_list
    assert closed_by is not None
    need_closed(Request(OF_GROUP, closed_by, caller), private_entities)
    exchange = private_entities.read_private_group(OF_GROUP, who, "uuid")
    expect_closed(exchange, contract.operations[OF_GROUP], contract, [exchange])


@requirement("private-field-is-null")
@each("caller", table_of(OTHERS))
def check_rejection_of_a_group_shows_nothing_private(
    caller: str, private_entities: PrivateEntities, callers: Any, contract: Contract
) -> None:
    """The rejection of the private list of a group does not tell others the private fields of the group."""
    private_keys, who = all_keys(contract, "Group"), callers[caller]()
    private_entities.show(
        EntityView(private_keys, "getGroup", "owner"), private_entities.account.owner
    )
    expect_nothing_leaked(
        private_entities.read_private_group(OF_GROUP, who), private_keys, private_entities
    )


def expect_nothing_leaked(
    exchange: Exchange, private_keys: PrivateKeys, private_entities: PrivateEntities
) -> None:
    """A rejection has none of the private texts of an entity in it."""
    if exchange.ok:
        reason = f"{exchange.label} was not rejected"
        raise NotApplicable(reason, exchange)
    private = [
        f
        for f in private_entities.contract.fields_of(private_keys.model)
        if f.hidden_by in private_keys.keys
    ]
    texts = {
        f.key: private_entities.value(private_keys, f) for f in private if f.key != "display_name"
    }
    leaked = [
        key for key, text in texts.items() if isinstance(text, str) and reveals(exchange.text, text)
    ]
    expect(
        f"private fields in the rejection of {exchange.label}",
        holds=not leaked,
        expected=[],
        actual=leaked,
        exchange=exchange,
    )


def need_known(read: SystemRead, operation: str, private_entities: PrivateEntities) -> None:
    """Raise PreconditionFailed where the server does not know the id format, or does not show the list when it is public."""
    if read.id_format == "short":
        need_success(private_entities.states.response(SystemRead(NONE, operation, read.caller)))
    elif operation == "getMemberGroups":
        private_keys, caller = (
            all_keys(private_entities.contract, "Member"),
            getattr(private_entities.account, read.caller),
        )
        need_success(
            private_entities.read(
                EntityView(private_keys, "getMember", read.caller, read.id_format), caller
            )[0]
        )
    else:
        need_success(
            private_entities.states.response(
                SystemRead(ALL, "getSystem", read.caller, read.id_format)
            )
        )
