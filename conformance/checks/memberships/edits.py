"""Memberships: adding, removing and overwriting, by paths of groups and of members (docs: endpoints#groups, #members).

Both send the same edits, see `conformance.scenarios.membership_edits`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.account.refs import rule_of
from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.http import PreconditionFailed
from conformance.http.assertions import expect, expect_status, need_list, need_success
from conformance.scenarios.membership_edits import (
    EDITS,
    OPERATIONS,
    REVERSE_READ,
    Edit,
    MembershipEdits,
    path_formats,
    shows,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.http import Exchange

REF_NOT_FOUND_CODES = (20002, 20003, 20004, 20005)  # codes of a ref that names nothing
HTTP_NOT_FOUND = 404


def code_of(exchange: Exchange) -> Any:
    """Return the code of an error object, if it is one."""
    return exchange.json.get("code") if isinstance(exchange.json, dict) else None


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
            rules += _list_requirement(contract, model, edit)
            yield Row((model, edit), f"{OPERATIONS[model].slug}-{edit.name}", rules)


def _rules(contract: Contract, kind: str, model: str, edit: Edit) -> tuple[str, ...]:
    return contract.named(kind, operation=edit.verb + OPERATIONS[model].suffix)


def _list_requirement(contract: Contract, model: str, edit: Edit) -> tuple[str, ...]:
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


@each("case", responses)
def check_request_is_204(
    case: tuple[str, Edit], membership_edits: MembershipEdits, contract: Contract
) -> None:
    """A list of short ids and UUIDs, for some of which there is nothing to do, returns 204."""
    model, edit = case
    response = membership_edits.result(model, edit).response
    special = _list_requirement(contract, model, edit)
    if response.ok or (edit.by_uuid and code_of(response) not in REF_NOT_FOUND_CODES):
        special = ()
    expect_status(response, 204, violates=special or _rules(contract, "no_content", model, edit))


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
        _list_requirement(contract, model, edit)
        if wrong <= set(edit.by_uuid) or not edit.listed
        else ()
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


def keeping(contract: Contract) -> Iterator[Row]:
    """Rows for the same edits, with the requirement on their effect."""
    for model in OPERATIONS:
        for edit in EDITS:
            if edit.read_reverse:
                name = f"{OPERATIONS[model].slug}-{edit.name}"
                yield Row((model, edit), name, _rules(contract, "takes_effect", model, edit))


@each("case", keeping)
def check_other_memberships_are_kept(
    case: tuple[str, Edit], membership_edits: MembershipEdits
) -> None:
    """What the request does not name keeps its membership: a listed member its other groups, a listed group its other members."""
    model, edit = case
    need_success(membership_edits.result(model, edit).response)
    kept, exchange = membership_edits.kept(model)
    for step in [other for other in EDITS if other.read_reverse]:
        if not shows(exchange, kept):
            reason = f"{kept.kind} {kept.id} was not listed before {edit.verb}"
            raise PreconditionFailed(reason, exchange)
        reverse = membership_edits.result(model, step).reverse
        assert reverse is not None  # the table has no other steps
        exchange = reverse
        if step == edit:
            break
    expect(
        f"another {kept.kind} in {exchange.label} after {edit.verb}",
        holds=shows(exchange, kept),
        expected=[kept.id],
        actual=[row.get("id") for row in need_list(exchange) if isinstance(row, dict)],
        exchange=exchange,
    )


def in_format_paths(contract: Contract) -> Iterator[Row]:
    """Rows for each path and each id format by which its list is read."""
    for model in OPERATIONS:
        for id_format in path_formats(contract, model):
            if id_format != "short":
                name = f"{OPERATIONS[model].slug}-{id_format}"
                yield Row((model, id_format), name, (rule_of(model, id_format),))


@each("case", in_format_paths)
def check_list_is_found_by_id_format(
    case: tuple[str, str], membership_edits: MembershipEdits
) -> None:
    """The members of a group, or the groups of a member, are found by any id format of it that finds it elsewhere."""
    for exchange in membership_edits.not_found(*case):
        expect_status(exchange, 200)


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
