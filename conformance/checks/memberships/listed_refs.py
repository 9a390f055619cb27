"""Entries of lists in bodies that name nothing, or cannot be named there, and refs in other id formats (docs: errors#json-error-codes).

The classes of entries are in `openapi/inputs/entries.yaml`. A list that is rejected for one entry is not carried out for others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from conformance.checks import each, requirement
from conformance.contract.rows import Row
from conformance.http import NotApplicable, PreconditionFailed
from conformance.http.assertions import described, expect, expect_value, need_success
from conformance.http.outcomes import Wording
from conformance.scenarios.coded_answers import code_of, expect_answer
from conformance.scenarios.entries import OF_SWITCHES, REPEATED, of_entries, of_switches
from conformance.scenarios.membership_edits import (
    EDITS,
    ID_FORMAT_REQUIREMENTS,
    OPERATIONS,
    VERBS,
    Edit,
    MembershipEdits,
)
from conformance.scenarios.rejected_lists import GOOD_TWICE, RejectedLists, rejected, repeated
from conformance.scenarios.rejected_writes import RejectedWrites, expect_unchanged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.contract.inputs import Cell
    from conformance.http import Exchange

HTTP_NOT_FOUND = 404
# What PluralKit production returns for an unknown group that a member is added to.
UPSTREAM_ADD_CODE = 20004
# Entries that name nothing, and can be found again in a message.
NAMED = ("unknown-uuid", "unknown-short-id", "deleted", "another-kind")


def operations() -> Iterator[tuple[str, str]]:
    """Yield the operations on memberships, with the model that their path names."""
    for model in OPERATIONS:
        for verb in VERBS:
            yield model, verb + OPERATIONS[model].suffix


def bad_entries(contract: Contract) -> Iterator[Row]:
    """Rows for each list of a membership with each entry that must be rejected."""
    for model, operation in operations():
        for cell in rejected(contract, operation):
            yield Row((model, cell), cell.name, cell.rules(contract), cells=(cell,))


def bad_members(contract: Contract) -> Iterator[Row]:
    """Rows for each list of a switch with each entry that must be rejected."""
    for cell in of_switches(contract):
        yield Row(cell, cell.name, cell.rules(contract), cells=(cell,))


def unknown_entries(contract: Contract) -> Iterator[Row]:
    """The rows of memberships whose entry names nothing, for the message."""
    for row in bad_entries(contract):
        if row.value[1].input_class.id in NAMED:
            yield Row(row.value, row.id)


def lists(contract: Contract) -> Iterator[Row]:
    """Rows for each list of a membership, with the requirement on entries that name nothing."""
    for model, operation in operations():
        yield Row((model, operation), operation, on_unknown(contract, operation))


def switches(contract: Contract) -> Iterator[Row]:
    """Rows for each list of a switch."""
    for name in OF_SWITCHES:
        yield Row(name, name, on_unknown(contract, name))


def on_unknown(contract: Contract, operation: str) -> tuple[str, ...]:
    """Return the requirement on entries of an operation that name nothing."""
    cell = next(c for c in of_entries(contract, operation) if c.input_class.id == "unknown-uuid")
    return cell.rules(contract)


def repetitions(contract: Contract) -> Iterator[Row]:
    """Rows for each list of a membership that names the same twice."""
    for model, operation in operations():
        for name in REPEATED:
            cell = repeated(contract, operation, name)
            yield Row((model, cell), cell.name, cell.rules(contract), cells=(cell,))


def repeated_effects(contract: Contract) -> Iterator[Row]:
    """The same rows, with the requirement on the effect."""
    for row in repetitions(contract):
        operation = row.value[1].operation.id
        yield Row(row.value, row.id, contract.named("takes_effect", operation=operation))


@each("case", bad_entries)
def check_bad_entry_is_rejected(
    case: tuple[str, Cell], rejected_lists: RejectedLists, contract: Contract
) -> None:
    """A list with an entry that names nothing, what cannot be named there, or no text at all is rejected."""
    model, cell = case
    expect_answer(cell, rejected_lists.response(model, cell), contract)


@each("cell", bad_members)
def check_bad_member_of_a_switch_is_rejected(
    cell: Cell, switch_entries: RejectedWrites, contract: Contract
) -> None:
    """A switch with such an entry among its members is rejected."""
    expect_answer(cell, switch_entries.response(cell.operation, cell.name), contract)


@requirement("listed-ref-named-in-message")
@each("case", unknown_entries)
def check_message_names_entry(case: tuple[str, Cell], rejected_lists: RejectedLists) -> None:
    """The message of the rejection names the entry."""
    model, cell = case
    exchange = rejected_lists.response(model, cell)
    if exchange.status != HTTP_NOT_FOUND or not isinstance(exchange.json, dict):
        reason = f"{exchange.label} did not return 404 with an error object"
        raise PreconditionFailed(reason, exchange)
    message = str(exchange.json.get("message")).lower()
    listed = {entity.id for entity in rejected_lists.listed[model]}
    ref = next(ref for ref in rejected_lists.sent[cell.name] if ref not in listed)
    expect(
        f"message of {exchange.label}",
        holds=str(ref).lower() in message,
        expected=Wording(f"a text with {ref}"),
        actual=exchange.json.get("message"),
        exchange=exchange,
        as_upstream=cell.operation.id == "addMemberGroups"
        and code_of(exchange) == UPSTREAM_ADD_CODE,
    )


@each("case", lists)
def check_rejected_list_changes_nothing(
    case: tuple[str, str], rejected_lists: RejectedLists
) -> None:
    """A list that is rejected for one entry is not carried out for the others."""
    model, operation = case
    need_rejections(rejected_lists.responses(model, operation))
    found = rejected_lists.lists(model, operation)
    names = [entity.id for entity in rejected_lists.listed[model]]
    expect(
        f"{OPERATIONS[model].slug} after rejected requests of {operation}",
        holds=found.after == found.before,
        expected=[names[n] for n in sorted(found.before)],
        actual=[names[n] for n in sorted(found.after)],
        exchange=found.read,
    )


@each("name", switches)
def check_rejected_members_change_no_switch(
    name: str, switch_entries: RejectedWrites, contract: Contract
) -> None:
    """A switch that is rejected for one member is neither logged nor changed."""
    operation = contract.operations[name]
    cells = [cell for cell in of_switches(contract) if cell.operation == operation]
    need_rejections([switch_entries.response(operation, cell.name) for cell in cells])
    expect_unchanged(switch_entries.result(operation))


def need_rejections(responses: list[Exchange]) -> None:
    """All requests were rejected: what one that was not has changed is no effect of a rejected one."""
    for exchange in responses:
        if exchange.ok:
            reason = f"{exchange.label} was not rejected"
            raise NotApplicable(reason, exchange)


@each("case", repetitions)
def check_repeated_entry_is_no_failure(
    case: tuple[str, Cell], rejected_lists: RejectedLists, contract: Contract
) -> None:
    """A list that names the same twice does not make the server fail."""
    model, cell = case
    expect_answer(cell, rejected_lists.response(model, cell), contract)


@each("case", repeated_effects)
def check_repeated_entry_counts_once(case: tuple[str, Cell], rejected_lists: RejectedLists) -> None:
    """A list that names the same twice takes effect as if it named it once, or is rejected and takes none."""
    model, cell = case
    exchange, found = rejected_lists.response(model, cell), rejected_lists.lists(model, cell.name)
    if exchange.status is None or httpx.codes.is_server_error(exchange.status):
        reason = f"{exchange.label} made the server fail"
        raise NotApplicable(reason, exchange)
    verb = cell.operation.action
    edit = Edit(cell.name, verb, (GOOD_TWICE[verb],))
    wanted = edit.expected(found.before) if exchange.ok else found.before
    names = [entity.id for entity in rejected_lists.listed[model]]
    shown = [row.get("id") for row in found.read.json if isinstance(row, dict)]
    expect_value(
        found.read,
        f"{OPERATIONS[model].slug} after {exchange.label}",
        sorted(str(ref) for ref in shown if ref in names),
        sorted(names[n] for n in wanted),
    )


def in_format(contract: Contract) -> Iterator[Row]:
    """Rows for both paths, where ids may be written in other formats."""
    if ID_FORMAT_REQUIREMENTS[0] in contract.requirements:
        for model in OPERATIONS:
            yield Row(
                model, OPERATIONS[model].slug, (*ID_FORMAT_REQUIREMENTS, OPERATIONS[model].by_uuid)
            )


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
        reason = f"{response.label} succeeded, but put nothing into the list"
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
