"""Lists in bodies that name something by another id format, or nothing at all (docs: errors#json-error-codes, models#notes-on-ids)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.checks.memberships.edits import HTTP_NOT_FOUND, code_of
from conformance.contract.rows import Row, bare
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
    VERBS,
    MembershipEdits,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract


UNKNOWN_LISTED = {"Group": 20003, "Member": 20005}
# What PluralKit production returns for an unknown group that a member is added to.
UPSTREAM_ADD_CODE = 20004


def unknown_lists(contract: Contract) -> Iterator[Row]:
    """Rows for each request with an unknown entry."""
    for model, code in UNKNOWN_LISTED.items():
        for verb in VERBS:
            rules = contract.named("error_code", code=code)
            yield Row((model, verb), verb + OPERATIONS[model].suffix, rules)


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
        as_upstream=case == ("Member", "add") and code_of(exchange) == UPSTREAM_ADD_CODE,
    )


@requirement("listed-ref-named-in-message")
@each("case", lambda contract: bare(unknown_lists(contract)))
def check_message_names_entry(case: tuple[str, str], membership_edits: MembershipEdits) -> None:
    """The message of the rejection names the entry."""
    rejection = membership_edits.rejected(*case)
    ref, exchange = rejection.ref, rejection.response
    if exchange.status != HTTP_NOT_FOUND or not isinstance(exchange.json, dict):
        reason = f"{exchange.label} did not return 404 with an error object"
        raise PreconditionFailed(reason, exchange)
    message = str(exchange.json.get("message"))
    expect(
        f"message of {exchange.label}",
        holds=ref in message.lower(),
        expected=Wording(f"a text with {ref}"),
        actual=message,
        exchange=exchange,
        as_upstream=case == ("Member", "add") and code_of(exchange) == UPSTREAM_ADD_CODE,
    )


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
