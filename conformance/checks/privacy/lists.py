"""A private list is refused to others as a whole, with the code of that list (docs: reference#authentication, errors).

Each key that closes lists of a system is private alone once, while everybody asks for everything that one of them
closes; then all are. A group of which all is private, and one with a public list, stand for the lists of groups.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from conformance.checks import changes_system, each, requirement
from conformance.checks.privacy.fields import tells
from conformance.contract.rows import Row
from conformance.http import NotApplicable
from conformance.http.assertions import (
    expect,
    expect_error,
    expect_refused,
    expect_status,
    need_success,
)
from conformance.scenarios.private_entities import Sight, together
from conformance.scenarios.shown_entities import WITH_MEMBERS
from conformance.scenarios.system_privacy import (
    ALL,
    NONE,
    OTHERS,
    Look,
    alone,
    closed,
    owners_spelling,
    sealed,
    single,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract, Operation, PrivateList
    from conformance.http import Exchange
    from conformance.scenarios.private_entities import Gallery, Secret

OF_GROUP = "getGroupMembers"


@dataclasses.dataclass(frozen=True)
class Request:
    """One closed operation, asked for by one caller."""

    operation: str
    closed: PrivateList
    caller: str


def requests(contract: Contract, *callers: str) -> Iterator[Row]:
    """Rows for each operation that a privacy key closes, for each caller."""
    for operation in contract.operations.values():
        closed_by = operation.private_list
        if closed_by is not None:
            for caller in callers:
                rules = _requirements(contract, operation)
                request = Request(operation.id, closed_by, caller)
                yield Row(request, f"{operation.id}-{caller}", rules)


def refused(contract: Contract) -> Iterator[Row]:
    """Rows for those who are refused."""
    return requests(contract, *OTHERS)


def opened(contract: Contract) -> Iterator[Row]:
    """Rows for the owner."""
    return (Row(row.value, row.id) for row in requests(contract, "owner"))


def foreign(contract: Contract) -> Iterator[Row]:
    """Rows for the owner of another system, to be compared with somebody without a token."""
    return (Row(row.value, row.id) for row in requests(contract, "other"))


def reopened(contract: Contract) -> Iterator[Row]:
    """Rows for those who may see a public list."""
    return (Row(row.value, row.id) for row in requests(contract, *OTHERS))


def _requirements(contract: Contract, operation: Operation) -> tuple[str, ...]:
    closed_by = operation.private_list
    assert closed_by is not None
    code = contract.about(code=closed_by.code, status=closed_by.status)
    lists = contract.about(operation=operation.id, list=closed_by.key)
    general = ("private-list-is-403",) if closed_by.status == 403 else ()
    return (*code, *lists, *general)


def while_private(request: Request, gallery: Gallery) -> Exchange:
    """Return the answer to a request while its list is private."""
    if request.closed.model == "System":
        key = request.closed.key
        gallery.states.need(key, key, "private")
        own = request.caller == "owner"
        spelling = owners_spelling(gallery.contract, request.operation) if own else "short"
        return gallery.states.answer(Look(key, request.operation, request.caller, spelling))
    return _of_group(request, gallery, private=True)


def while_public(request: Request, gallery: Gallery) -> Exchange:
    """Return the answer to a request while its list, and everything else, is public."""
    if request.closed.model == "System":
        gallery.states.need(NONE, request.closed.key, "public")
        return gallery.states.answer(Look(NONE, request.operation, request.caller))
    return _of_group(request, gallery, private=False)


def _of_group(request: Request, gallery: Gallery, *, private: bool) -> Exchange:
    secret, caller = together(gallery.contract, "Group"), getattr(gallery.world, request.caller)
    if not private:
        return gallery.scene().read(request.operation, caller)
    gallery.show(Sight(secret, "getGroup", "owner"), gallery.world.owner)
    return gallery.closed_group(request.operation, caller)


@changes_system
@each("request_", refused)
def check_private_list_is_refused(request_: Request, gallery: Gallery, callers: Any) -> None:
    """A request for a private list by somebody else is refused with the status and code of that list."""
    callers[request_.caller]()
    need_success(while_public(request_, gallery))
    exchange = while_private(request_, gallery)
    expect_error(exchange, request_.closed.status, (request_.closed.code,))


def spelled(contract: Contract) -> Iterator[Row]:
    """Rows for requests while all is private, by other spellings of the ref, and with a query."""
    for look in sealed(contract):
        operation = contract.operations[look.place.partition("?")[0]]
        name = f"{look.place}-{look.spelling}-{look.caller}"
        yield Row(look, name, _requirements(contract, operation))


@changes_system
@each("look", spelled)
def check_private_list_is_refused_by_spelling(look: Look, gallery: Gallery, callers: Any) -> None:
    """With everything private each list is refused with its code, however the request spells the ref, with a query too."""
    callers[look.caller]()
    operation = look.place.partition("?")[0]
    need_known(look, operation, gallery)
    closed_by = gallery.contract.operations[operation].private_list
    assert closed_by is not None
    gallery.states.need(ALL, closed_by.key, "private")
    exchange = gallery.states.answer(look)
    # A list of groups that names their members is refused for either list.
    codes = (closed_by.code, *((30001,) if look.place == WITH_MEMBERS else ()))
    expect_error(exchange, closed_by.status, codes)


def sealed_looks(contract: Contract) -> Iterator[Row]:
    """The same rows, without the requirements of each list."""
    return (Row(row.value, row.id) for row in spelled(contract))


@changes_system
@requirement("private-field-is-null")
@each("look", sealed_looks)
def check_refusal_tells_nothing_private(look: Look, gallery: Gallery, callers: Any) -> None:
    """The refusal of a private list does not tell others the private fields of the system."""
    callers[look.caller]()
    gallery.states.need(ALL, "description_privacy", "private")
    secret = together(gallery.contract, "System")
    expect_nothing_told(gallery.states.answer(look), secret, gallery)


def closed_groups(contract: Contract) -> Iterator[Row]:
    """Rows for the list of a group, named by its UUID, and for those who are refused it."""
    rules = _requirements(contract, contract.operations[OF_GROUP])
    yield Row("anonymous", f"{OF_GROUP}-uuid-anonymous", rules)


@changes_system
@each("caller", closed_groups)
def check_private_group_is_refused_by_uuid(caller: str, gallery: Gallery, callers: Any) -> None:
    """The private list of a group is refused with its code when the group is named by its UUID, too."""
    secret, who = together(gallery.contract, "Group"), callers[caller]()
    gallery.show(Sight(secret, "getGroup", "owner"), gallery.world.owner)
    need_success(gallery.look(Sight(secret, "getGroup", caller, "uuid"), who)[0])
    closed_by = gallery.contract.operations[OF_GROUP].private_list
    assert closed_by is not None
    expect_error(gallery.closed_group(OF_GROUP, who, "uuid"), closed_by.status, (closed_by.code,))


def others(_: Contract) -> Iterator[Row]:
    """Rows for those who are refused."""
    return (Row(caller, caller) for caller in OTHERS)


@changes_system
@requirement("private-field-is-null")
@each("caller", others)
def check_refusal_of_a_group_tells_nothing_private(
    caller: str, gallery: Gallery, callers: Any, contract: Contract
) -> None:
    """The refusal of the private list of a group does not tell others the private fields of the group."""
    secret, who = together(contract, "Group"), callers[caller]()
    gallery.show(Sight(secret, "getGroup", "owner"), gallery.world.owner)
    expect_nothing_told(gallery.closed_group(OF_GROUP, who), secret, gallery)


def expect_nothing_told(exchange: Exchange, secret: Secret, gallery: Gallery) -> None:
    """A refusal has none of the private texts of an entity in it."""
    if exchange.ok:
        reason = f"{exchange.label} was not refused"
        raise NotApplicable(reason, exchange)
    private = [f for f in gallery.contract.fields_of(secret.model) if f.hidden_by in secret.keys]
    texts = {f.key: gallery.value(secret, f) for f in private if f.key != "display_name"}
    told = [
        key for key, text in texts.items() if isinstance(text, str) and tells(exchange.text, text)
    ]
    expect(
        f"private fields in the refusal of {exchange.label}",
        holds=not told,
        expected=[],
        actual=told,
        exchange=exchange,
    )


def need_known(look: Look, operation: str, gallery: Gallery) -> None:
    """Raise Unmet where the server does not know the spelling, or does not show the list when it is public."""
    if look.spelling == "short":
        need_success(gallery.states.answer(Look(NONE, operation, look.caller)))
    elif operation == "getMemberGroups":
        secret, caller = together(gallery.contract, "Member"), getattr(gallery.world, look.caller)
        need_success(
            gallery.look(Sight(secret, "getMember", look.caller, look.spelling), caller)[0]
        )
    else:
        need_success(gallery.states.answer(Look(ALL, "getSystem", look.caller, look.spelling)))


@changes_system
@requirement("foreign-token-does-not-open-privacy")
@each("request_", foreign)
def check_foreign_token_opens_no_list(request_: Request, gallery: Gallery, callers: Any) -> None:
    """The token of another system opens a private list no more than no token does."""
    callers["other"]()
    nobody = while_private(dataclasses.replace(request_, caller="anonymous"), gallery)
    if not nobody.ok:
        expect_refused(while_private(request_, gallery))


@changes_system
@requirement("own-token-opens-private-lists")
@each("request_", opened)
def check_owner_sees_private_list(request_: Request, gallery: Gallery) -> None:
    """The owner sees the private lists of the own system."""
    expect_status(while_private(request_, gallery), 200)


@changes_system
@requirement("auth-optional-for-public-reads")
@each("request_", reopened)
def check_public_list_is_open(request_: Request, gallery: Gallery, callers: Any) -> None:
    """A list that is public again is shown to everybody."""
    callers[request_.caller]()
    expect_status(while_public(request_, gallery), 200)


def left_open(contract: Contract) -> Iterator[Row]:
    """Rows for requests of public lists while the key of another list is private."""
    lists = {key.key: key.closes for key in contract.privacy_keys_of("System")}
    for look in alone(contract):
        if look.place in closed(contract) and look.place not in lists[look.state]:
            yield Row(look, f"{look.state}-{look.place}-{look.caller}")


@changes_system
@requirement("auth-optional-for-public-reads")
@each("look", left_open)
def check_other_lists_stay_open(look: Look, gallery: Gallery, callers: Any) -> None:
    """While one list is private the others are shown to everybody."""
    callers[look.caller]()
    closed_by = gallery.contract.operations[look.place].private_list
    assert closed_by is not None
    gallery.states.need(look.state, closed_by.key, "public")
    expect_status(gallery.states.answer(look), 200)


@changes_system
@requirement("auth-optional-for-public-reads")
@each("look", lambda _: (Row(look, f"{look.place}-{look.caller}") for look in single()))
def check_private_lists_leave_members_and_groups_open(
    look: Look, gallery: Gallery, callers: Any
) -> None:
    """Others may read a member, or a group, of a system whose lists are all private."""
    callers[look.caller]()
    expect_status(gallery.states.answer(look), 200)
