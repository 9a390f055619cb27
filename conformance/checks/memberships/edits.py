"""Memberships: adding, removing and overwriting, by paths of groups and of members (docs: endpoints#groups, #members).

Both send the same edits, see `conformance.scenarios.membership_edits`.
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
    EDITS,
    ID_FORMAT_REQUIREMENTS,
    OPERATIONS,
    REVERSE_READ,
    VERBS,
    Edit,
    MembershipEdits,
    path_formats,
    shows,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.account import Account
    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.shown_entities import ShownEntities

UNFOUND = (20002, 20003, 20004, 20005)  # codes of a ref that names nothing
UNKNOWN_LISTED = {"Group": 20003, "Member": 20005}
# What PluralKit production returns for an unknown group that a member is added to.
UPSTREAM_ADD = 20004
HTTP_NOT_FOUND = 404


def code_of(exchange: Exchange) -> Any:
    """Return the code of an error object, if it is one."""
    return exchange.json.get("code") if isinstance(exchange.json, dict) else None


@pytest.fixture(scope="session")
def membership_edits(account: Account, separate_entities: ShownEntities) -> MembershipEdits:
    """The edits that all checks of this module share."""
    return MembershipEdits(account, separate_entities)


def responses(contract: Contract) -> Iterator[Row]:
    """Rows for each edit by each path, with the requirement on its response."""
    return _rows(contract, "no_content")


def effective(contract: Contract) -> Iterator[Row]:
    """Rows for each edit by each path, with the requirement on its effect."""
    return _rows(contract, "takes_effect")


def _rows(contract: Contract, kind: str) -> Iterator[Row]:
    for model in OPERATIONS:
        for edit in EDITS:
            rules = _rules(contract, kind, model, edit)
            rules += _special(contract, model, edit)
            yield Row((model, edit), f"{OPERATIONS[model].slug}-{edit.name}", rules)


def _rules(contract: Contract, kind: str, model: str, edit: Edit) -> tuple[str, ...]:
    return contract.named(kind, operation=edit.verb + OPERATIONS[model].suffix)


def _special(contract: Contract, model: str, edit: Edit) -> tuple[str, ...]:
    """Return the requirement that is about such a list alone."""
    if not edit.listed:
        return _rules(contract, "empty_list", model, edit)
    return (OPERATIONS[model].by_uuid,) if edit.by_uuid else ()


def reversed_edits(_: Contract) -> Iterator[Row]:
    """Rows for the edits after which the lists of both models are read."""
    for model in OPERATIONS:
        for edit in EDITS:
            if edit.read_reverse:
                yield Row((model, edit), f"{OPERATIONS[model].slug}-{edit.name}")


@changes_system
@each("case", responses)
def check_request_is_204(
    case: tuple[str, Edit], membership_edits: MembershipEdits, contract: Contract
) -> None:
    """A list of short ids and UUIDs, for some of which there is nothing to do, returns 204."""
    model, edit = case
    response = membership_edits.result(model, edit).response
    special = _special(contract, model, edit)
    if response.ok or (edit.by_uuid and code_of(response) not in UNFOUND):
        special = ()
    expect_status(response, 204, violates=special or _rules(contract, "no_content", model, edit))


@changes_system
@each("case", effective)
def check_request_takes_effect(
    case: tuple[str, Edit], membership_edits: MembershipEdits, contract: Contract
) -> None:
    """After the request the list shows the entities that it should, and no others."""
    model, edit = case
    result = membership_edits.result(model, edit)
    if not result.response.ok or not edit.reveals(result.before):
        reason = f"{result.response.label} was rejected, or had nothing to do"
        raise PreconditionFailed(reason, result.response)
    wanted, shown = edit.expected(result.before), membership_edits.shown(model, result.after)
    wrong = wanted ^ shown
    effect = _rules(contract, "takes_effect", model, edit)
    special = (
        _special(contract, model, edit) if wrong <= set(edit.by_uuid) or not edit.listed else ()
    )
    names = [entity.id for entity in membership_edits.listed(model)]
    expect(
        f"{OPERATIONS[model].slug} after {edit.verb}",
        holds=not wrong,
        expected=[names[n] for n in sorted(wanted)],
        actual=[names[n] for n in sorted(shown)],
        exchange=result.after,
        violates=special or effect,
    )
    rows = [row.get("id") for row in result.after.json if isinstance(row, dict)]
    doubled = sorted({str(ref) for ref in rows if rows.count(ref) > 1})
    expect(
        f"{OPERATIONS[model].slug} that are listed twice after {edit.verb}",
        holds=not doubled,
        expected=[],
        actual=doubled,
        exchange=result.after,
        violates=effect,
    )


def in_format_paths(contract: Contract) -> Iterator[Row]:
    """Rows for each path and each id format by which its list is read."""
    for model in OPERATIONS:
        for id_format in path_formats(contract, model):
            if id_format != "short":
                name = f"{OPERATIONS[model].slug}-{id_format}"
                yield Row((model, id_format), name, (rule_of(model, id_format),))


@changes_system
@each("case", in_format_paths)
def check_list_is_found_by_id_format(
    case: tuple[str, str], membership_edits: MembershipEdits
) -> None:
    """The members of a group, or the groups of a member, are found by any id format of it that finds it elsewhere."""
    for exchange in membership_edits.not_found(*case):
        expect_status(exchange, 200)


@changes_system
@requirement("membership-symmetric")
@each("case", reversed_edits)
def check_both_sides_agree(case: tuple[str, Edit], membership_edits: MembershipEdits) -> None:
    """A member shows a group if, and only if, the group shows the member."""
    model, edit = case
    result = membership_edits.result(model, edit)
    assert result.reverse is not None  # the table has no other steps
    here = REVERSE_READ in membership_edits.shown(model, result.after)
    there = shows(result.reverse, membership_edits.path_entity(model))
    expect(
        f"membership as {result.reverse.label} shows it",
        holds=here == there,
        expected=here,
        actual=there,
        exchange=result.reverse,
    )


def unknown_lists(contract: Contract) -> Iterator[Row]:
    """Rows for each request with an unknown entry."""
    for model, code in UNKNOWN_LISTED.items():
        for verb in VERBS:
            rules = contract.named("error_code", code=code)
            yield Row((model, verb), verb + OPERATIONS[model].suffix, rules)


def named(contract: Contract) -> Iterator[Row]:
    """The same rows, for the message."""
    return (Row(row.value, row.id) for row in unknown_lists(contract))


@changes_system
@each("case", unknown_lists)
def check_unknown_entry_is_404(case: tuple[str, str], membership_edits: MembershipEdits) -> None:
    """A list with an unknown entry returns 404 with the code of listed entries."""
    exchange = membership_edits.rejected(*case).response
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
def check_message_names_entry(case: tuple[str, str], membership_edits: MembershipEdits) -> None:
    """The message of the rejection names the entry."""
    rejection = membership_edits.rejected(*case)
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
def check_rejected_list_changes_nothing(
    case: tuple[str, str], membership_edits: MembershipEdits
) -> None:
    """A list that is rejected for one entry is not carried out for the others."""
    rejection = membership_edits.rejected(*case)
    if rejection.response.ok:
        reason = f"{rejection.response.label} was not rejected"
        raise NotApplicable(reason, rejection.response)
    names = [entity.id for entity in membership_edits.listed(case[0])]
    shown = membership_edits.shown(case[0], rejection.after)
    expect(
        f"{OPERATIONS[case[0]].slug} after a rejected {case[1]}",
        holds=shown == rejection.before,
        expected=[names[n] for n in sorted(rejection.before)],
        actual=[names[n] for n in sorted(shown)],
        exchange=rejection.after,
    )


def in_format(contract: Contract) -> Iterator[Row]:
    """Rows for both paths, where ids may be written in other formats."""
    if ID_FORMAT_REQUIREMENTS[0] in contract.requirements:
        for model in OPERATIONS:
            yield Row(
                model, OPERATIONS[model].slug, (*ID_FORMAT_REQUIREMENTS, OPERATIONS[model].by_uuid)
            )


@changes_system
@each("model", in_format)
def check_list_takes_all_id_formats(model: str, membership_edits: MembershipEdits) -> None:
    """A list may name its entries in every id format of their ids."""
    response, after = membership_edits.edit_in_formats(model)
    plain = membership_edits.result(
        model, next(edit for edit in EDITS if edit.verb == "overwrite")
    ).response
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
    shown = membership_edits.shown(model, after)
    if not shown:
        reason = f"{response.label} was returned, and put nothing into the list"
        raise PreconditionFailed(reason, after)
    for number, rule in enumerate((*ID_FORMAT_REQUIREMENTS, OPERATIONS[model].by_uuid)):
        expect(
            f"{OPERATIONS[model].slug} named in other id formats",
            holds=number in shown,
            expected=Wording(f"{membership_edits.listed(model)[number].id} among them"),
            actual=[membership_edits.listed(model)[n].id for n in sorted(shown)],
            exchange=after,
            violates=(rule,),
        )
