"""Memberships: adding, removing and overwriting, from the side of the group and of the member (docs: endpoints#groups, #members).

Each side takes the same steps, see `sides`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.account.refs import rule_of
from conformance.checks import changes_system, each, requirement
from conformance.contract.rows import Row
from conformance.http import NotApplicable, PreconditionFailed
from conformance.http.assertions import (
    described,
    expect,
    expect_error_object,
    expect_status,
    need_success,
)
from conformance.http.outcomes import Wording
from conformance.scenarios.membership_edits import (
    ID_FORMAT_REQUIREMENTS,
    SEEN,
    SIDES,
    STEPS,
    VERBS,
    Sides,
    Step,
    shows,
    turns,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.shown_entities import ShownEntities

UNFOUND = (20002, 20003, 20004, 20005)  # codes of a ref that names nothing
UNKNOWN_LISTED = {"Group": 20003, "Member": 20005}
# What PluralKit's own server says of an unknown group that a member is added to.
UPSTREAM_ADD = 20004
HTTP_NOT_FOUND = 404


def code_of(exchange: Exchange) -> Any:
    """Return the code of an error object, if it is one."""
    return exchange.json.get("code") if isinstance(exchange.json, dict) else None


@pytest.fixture(scope="session")
def sides(account: Account, separate_entities: ShownEntities) -> Sides:
    """What all checks of this module look at."""
    return Sides(account, separate_entities)


def responses(contract: Contract) -> Iterator[Row]:
    """Rows for each step of each side, with what the docs say of its response."""
    return _rows(contract, "no_content")


def effective(contract: Contract) -> Iterator[Row]:
    """Rows for each step of each side, with what the docs say of its effect."""
    return _rows(contract, "takes_effect")


def _rows(contract: Contract, kind: str) -> Iterator[Row]:
    for side in SIDES:
        for step in STEPS:
            rules = _rules(contract, kind, side, step)
            rules += _special(contract, side, step)
            yield Row((side, step), f"{SIDES[side][1]}-{step.name}", rules)


def _rules(contract: Contract, kind: str, side: str, step: Step) -> tuple[str, ...]:
    return contract.named(kind, operation=step.verb + SIDES[side][0])


def _special(contract: Contract, side: str, step: Step) -> tuple[str, ...]:
    """Return the requirement that is about such a list alone."""
    if not step.listed:
        return _rules(contract, "empty_list", side, step)
    return (SIDES[side][2],) if step.by_uuid else ()


def mirrored(_: Contract) -> Iterator[Row]:
    """Rows for the steps after which both sides are read."""
    for side in SIDES:
        for step in STEPS:
            if step.mirrored:
                yield Row((side, step), f"{SIDES[side][1]}-{step.name}")


@changes_system
@each("case", responses)
def check_request_is_204(case: tuple[str, Step], sides: Sides, contract: Contract) -> None:
    """A list of short ids and UUIDs, for some of which there is nothing to do, returns 204."""
    side, step = case
    response = sides.done(side, step).response
    special = _special(contract, side, step)
    if response.ok or (step.by_uuid and code_of(response) not in UNFOUND):
        special = ()
    expect_status(response, 204, violates=special or _rules(contract, "no_content", side, step))


@changes_system
@each("case", effective)
def check_request_takes_effect(case: tuple[str, Step], sides: Sides, contract: Contract) -> None:
    """After the request those belong there that should, and no others."""
    side, step = case
    done = sides.done(side, step)
    if not done.response.ok or not step.reveals(done.before):
        reason = f"{done.response.label} was rejected, or had nothing to do"
        raise PreconditionFailed(reason, done.response)
    wanted, shown = step.result(done.before), sides.shown(side, done.after)
    wrong = wanted ^ shown
    effect = _rules(contract, "takes_effect", side, step)
    special = (
        _special(contract, side, step) if wrong <= set(step.by_uuid) or not step.listed else ()
    )
    names = [entity.id for entity in sides.listed(side)]
    expect(
        f"{SIDES[side][1]} after {step.verb}",
        holds=not wrong,
        expected=[names[n] for n in sorted(wanted)],
        actual=[names[n] for n in sorted(shown)],
        exchange=done.after,
        violates=special or effect,
    )
    rows = [row.get("id") for row in done.after.json if isinstance(row, dict)]
    doubled = sorted({str(ref) for ref in rows if rows.count(ref) > 1})
    expect(
        f"{SIDES[side][1]} that are listed twice after {step.verb}",
        holds=not doubled,
        expected=[],
        actual=doubled,
        exchange=done.after,
        violates=effect,
    )


def in_format_paths(contract: Contract) -> Iterator[Row]:
    """Rows for each side and each id format of whose list is read."""
    for side in SIDES:
        for id_format in turns(contract, side):
            if id_format != "short":
                name = f"{SIDES[side][1]}-{id_format}"
                yield Row((side, id_format), name, (rule_of(side, id_format),))


@changes_system
@each("case", in_format_paths)
def check_list_is_found_by_id_format(case: tuple[str, str], sides: Sides) -> None:
    """The members of a group, or the groups of a member, are found by any id format of it that finds it elsewhere."""
    for exchange in sides.lacking(*case):
        expect_status(exchange, 200)


@changes_system
@requirement("membership-symmetric")
@each("case", mirrored)
def check_both_sides_agree(case: tuple[str, Step], sides: Sides) -> None:
    """A member shows a group if, and only if, the group shows the member."""
    side, step = case
    done = sides.done(side, step)
    assert done.mirror is not None  # the table has no other steps
    here = SEEN in sides.shown(side, done.after)
    there = shows(done.mirror, sides.hub(side))
    expect(
        f"membership as {done.mirror.label} shows it",
        holds=here == there,
        expected=here,
        actual=there,
        exchange=done.mirror,
    )


def unknown_lists(contract: Contract) -> Iterator[Row]:
    """Rows for each request with an entry that names nothing."""
    for side, code in UNKNOWN_LISTED.items():
        for verb in VERBS:
            rules = contract.named("error_code", code=code)
            yield Row((side, verb), verb + SIDES[side][0], rules)


def named(contract: Contract) -> Iterator[Row]:
    """The same rows, for the message."""
    return (Row(row.value, row.id) for row in unknown_lists(contract))


@changes_system
@each("case", unknown_lists)
def check_unknown_entry_is_404(case: tuple[str, str], sides: Sides) -> None:
    """A list with an entry that names nothing returns 404 with the code of listed entries."""
    exchange = sides.rejected(*case).response
    expect_status(exchange, HTTP_NOT_FOUND)
    expect_error_object(exchange)
    expect(
        f"code of {exchange.label}",
        holds=code_of(exchange) == UNKNOWN_LISTED[case[0]],
        expected=UNKNOWN_LISTED[case[0]],
        actual=code_of(exchange),
        exchange=exchange,
        as_upstream=case == ("Member", "add") and code_of(exchange) == UPSTREAM_ADD,
    )


@changes_system
@requirement("listed-ref-named-in-message")
@each("case", named)
def check_message_names_entry(case: tuple[str, str], sides: Sides) -> None:
    """The message of the rejection names the entry."""
    rejection = sides.rejected(*case)
    ref, exchange = rejection.ref, rejection.response
    if exchange.status != HTTP_NOT_FOUND or not isinstance(exchange.json, dict):
        reason = f"{exchange.label} was not returned 404 with an error object"
        raise PreconditionFailed(reason, exchange)
    message = str(exchange.json.get("message"))
    expect(
        f"message of {exchange.label}",
        holds=ref in message.lower(),
        expected=Wording(f"a text with {ref}"),
        actual=message,
        exchange=exchange,
        as_upstream=case == ("Member", "add") and code_of(exchange) == UPSTREAM_ADD,
    )


@changes_system
@each("case", unknown_lists)
def check_rejected_list_changes_nothing(case: tuple[str, str], sides: Sides) -> None:
    """A list that is rejected for one entry is not carried out for the others."""
    rejection = sides.rejected(*case)
    if rejection.response.ok:
        reason = f"{rejection.response.label} was not rejected"
        raise NotApplicable(reason, rejection.response)
    names = [entity.id for entity in sides.listed(case[0])]
    shown = sides.shown(case[0], rejection.after)
    expect(
        f"{SIDES[case[0]][1]} after a rejected {case[1]}",
        holds=shown == rejection.before,
        expected=[names[n] for n in sorted(rejection.before)],
        actual=[names[n] for n in sorted(shown)],
        exchange=rejection.after,
    )


def in_format(contract: Contract) -> Iterator[Row]:
    """Rows for both sides, where ids may be written in other ways."""
    if ID_FORMAT_REQUIREMENTS[0] in contract.requirements:
        for side in SIDES:
            yield Row(side, SIDES[side][1], (*ID_FORMAT_REQUIREMENTS, SIDES[side][2]))


@changes_system
@each("side", in_format)
def check_list_takes_all_id_formats(side: str, sides: Sides) -> None:
    """A list may name its entries in every id format of their ids."""
    response, after = sides.in_format(side)
    plain = sides.done(side, next(step for step in STEPS if step.verb == "overwrite")).response
    need_success(plain)
    expect(
        f"{response.label} with ids in other id formats",
        holds=response.ok,
        expected=Wording("status 204"),
        actual=described(response),
        exchange=response,
        as_upstream=response.status == HTTP_NOT_FOUND,
        violates=ID_FORMAT_REQUIREMENTS,
    )
    shown = sides.shown(side, after)
    if not shown:
        reason = f"{response.label} was returned, and put nothing into the list"
        raise PreconditionFailed(reason, after)
    for number, rule in enumerate((*ID_FORMAT_REQUIREMENTS, SIDES[side][2])):
        expect(
            f"{SIDES[side][1]} named in other id formats",
            holds=number in shown,
            expected=Wording(f"{sides.listed(side)[number].id} among them"),
            actual=[sides.listed(side)[n].id for n in sorted(shown)],
            exchange=after,
            violates=(rule,),
        )
