"""Memberships: adding, removing and overwriting, from the side of the group and of the member (docs: endpoints#groups, #members).

Each side takes the same steps, see `sides`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.account.refs import rule_of
from conformance.checks import changes_system, each, requirement
from conformance.contract.rows import Row
from conformance.http import NotApplicable, Unmet
from conformance.http.assertions import (
    described,
    expect,
    expect_error_object,
    expect_status,
    need_success,
)
from conformance.http.outcomes import Wording
from conformance.scenarios.membership_edits import (
    SEEN,
    SIDES,
    SPELLING_RULES,
    STEPS,
    VERBS,
    Sides,
    Step,
    shows,
    turns,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import World
    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.shown_entities import Scene

UNFOUND = (20002, 20003, 20004, 20005)  # codes of a ref that names nothing
UNKNOWN_LISTED = {"Group": 20003, "Member": 20005}
# What PluralKit's own server says of an unknown group that a member is added to.
UPSTREAM_ADD = 20004
HTTP_NOT_FOUND = 404


def code_of(exchange: Exchange) -> Any:
    """Return the code of an error object, if it is one."""
    return exchange.json.get("code") if isinstance(exchange.json, dict) else None


@pytest.fixture(scope="session")
def sides(world: World, circle: Scene) -> Sides:
    """What all checks of this module look at."""
    return Sides(world, circle)


def answered(_: Contract) -> Iterator[Row]:
    """Rows for each step of each side, with what the docs say of its answer."""
    return _rows("204")


def effective(_: Contract) -> Iterator[Row]:
    """Rows for each step of each side, with what the docs say of its effect."""
    return _rows("takes-effect")


def _rows(what: str) -> Iterator[Row]:
    for side in SIDES:
        for step in STEPS:
            rules = (_rule(side, step, what), *_special(side, step))
            yield Row((side, step), f"{SIDES[side][1]}-{step.name}", rules)


def _rule(side: str, step: Step, what: str) -> str:
    return f"{step.verb}-{SIDES[side][1]}-{what}"


def _special(side: str, step: Step) -> tuple[str, ...]:
    """Return the requirement that is about such a list alone."""
    if not step.listed:
        return (_rule(side, step, "empty"),)
    return (SIDES[side][2],) if step.by_uuid else ()


def mirrored(_: Contract) -> Iterator[Row]:
    """Rows for the steps after which both sides are read."""
    for side in SIDES:
        for step in STEPS:
            if step.mirrored:
                yield Row((side, step), f"{SIDES[side][1]}-{step.name}")


@changes_system
@each("case", answered)
def check_request_is_204(case: tuple[str, Step], sides: Sides) -> None:
    """A list of short ids and UUIDs, for some of which there is nothing to do, is answered 204."""
    side, step = case
    answer = sides.done(side, step).answer
    special = _special(side, step)
    if answer.ok or (step.by_uuid and code_of(answer) not in UNFOUND):
        special = ()
    expect_status(answer, 204, breaks=special or (_rule(side, step, "204"),))


@changes_system
@each("case", effective)
def check_request_takes_effect(case: tuple[str, Step], sides: Sides) -> None:
    """After the request those belong there that should, and no others."""
    side, step = case
    done = sides.done(side, step)
    if not done.answer.ok or not step.tells(done.before):
        reason = f"{done.answer.label} was refused, or had nothing to do"
        raise Unmet(reason, done.answer)
    wanted, shown = step.result(done.before), sides.shown(side, done.after)
    wrong = wanted ^ shown
    special = _special(side, step) if wrong <= set(step.by_uuid) or not step.listed else ()
    names = [entity.id for entity in sides.listed(side)]
    expect(
        f"{SIDES[side][1]} after {step.verb}",
        holds=not wrong,
        expected=[names[n] for n in sorted(wanted)],
        actual=[names[n] for n in sorted(shown)],
        exchange=done.after,
        breaks=special or (_rule(side, step, "takes-effect"),),
    )
    rows = [row.get("id") for row in done.after.json if isinstance(row, dict)]
    doubled = sorted({str(ref) for ref in rows if rows.count(ref) > 1})
    expect(
        f"{SIDES[side][1]} that are listed twice after {step.verb}",
        holds=not doubled,
        expected=[],
        actual=doubled,
        exchange=done.after,
        breaks=(_rule(side, step, "takes-effect"),),
    )


def spelled_paths(contract: Contract) -> Iterator[Row]:
    """Rows for each side and each spelling of whose list is read."""
    for side in SIDES:
        for spelling in turns(contract, side):
            if spelling != "short":
                name = f"{SIDES[side][1]}-{spelling}"
                yield Row((side, spelling), name, (rule_of(side, spelling),))


@changes_system
@each("case", spelled_paths)
def check_list_is_found_by_spelling(case: tuple[str, str], sides: Sides) -> None:
    """The members of a group, or the groups of a member, are found by any spelling of it that finds it elsewhere."""
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


def unknown_lists(_: Contract) -> Iterator[Row]:
    """Rows for each request with an entry that names nothing."""
    for side, code in UNKNOWN_LISTED.items():
        for verb in VERBS:
            yield Row((side, verb), verb + SIDES[side][0], (f"err-{code}",))


def named(_: Contract) -> Iterator[Row]:
    """The same rows, for the message."""
    return (Row(row.value, row.id) for row in unknown_lists(_))


@changes_system
@each("case", unknown_lists)
def check_unknown_entry_is_404(case: tuple[str, str], sides: Sides) -> None:
    """A list with an entry that names nothing is answered 404 with the code of listed entries."""
    exchange = sides.refused(*case).answer
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
    """The message of the refusal names the entry."""
    refusal = sides.refused(*case)
    ref, exchange = refusal.ref, refusal.answer
    if exchange.status != HTTP_NOT_FOUND or not isinstance(exchange.json, dict):
        reason = f"{exchange.label} was not answered 404 with an error object"
        raise Unmet(reason, exchange)
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
def check_refused_list_changes_nothing(case: tuple[str, str], sides: Sides) -> None:
    """A list that is refused for one entry is not carried out for the others."""
    refusal = sides.refused(*case)
    if refusal.answer.ok:
        reason = f"{refusal.answer.label} was not refused"
        raise NotApplicable(reason, refusal.answer)
    names = [entity.id for entity in sides.listed(case[0])]
    shown = sides.shown(case[0], refusal.after)
    expect(
        f"{SIDES[case[0]][1]} after a refused {case[1]}",
        holds=shown == refusal.before,
        expected=[names[n] for n in sorted(refusal.before)],
        actual=[names[n] for n in sorted(shown)],
        exchange=refusal.after,
    )


def spelled(contract: Contract) -> Iterator[Row]:
    """Rows for both sides, where ids may be spelled in other ways."""
    if SPELLING_RULES[0] in contract.requirements:
        for side in SIDES:
            yield Row(side, SIDES[side][1], (*SPELLING_RULES, SIDES[side][2]))


@changes_system
@each("side", spelled)
def check_list_takes_all_spellings(side: str, sides: Sides) -> None:
    """A list may name its entries in every spelling of their ids."""
    answer, after = sides.spelled(side)
    plain = sides.done(side, next(step for step in STEPS if step.verb == "overwrite")).answer
    need_success(plain)
    expect(
        f"{answer.label} with ids in other spellings",
        holds=answer.ok,
        expected=Wording("status 204"),
        actual=described(answer),
        exchange=answer,
        as_upstream=answer.status == HTTP_NOT_FOUND,
        breaks=SPELLING_RULES,
    )
    shown = sides.shown(side, after)
    if not shown:
        reason = f"{answer.label} was answered, and put nothing into the list"
        raise Unmet(reason, after)
    for number, rule in enumerate((*SPELLING_RULES, SIDES[side][2])):
        expect(
            f"{SIDES[side][1]} named in other spellings",
            holds=number in shown,
            expected=Wording(f"{sides.listed(side)[number].id} among them"),
            actual=[sides.listed(side)[n].id for n in sorted(shown)],
            exchange=after,
            breaks=(rule,),
        )
