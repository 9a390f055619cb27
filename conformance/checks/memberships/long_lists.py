"""Memberships that are changed by long lists: every entry counts (docs: endpoints#groups, #members)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each
from conformance.contract.rows import Row
from conformance.http.assertions import expect, need_success
from conformance.scenarios.long_membership_edits import LISTED, VERBS, LongMembershipEdits, ids
from conformance.scenarios.membership_edits import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract


def edits(contract: Contract) -> Iterator[Row]:
    """Rows for each verb by each path, with the requirement on its effect."""
    for model in LISTED:
        for verb in VERBS:
            operation = verb + OPERATIONS[model].suffix
            rules = contract.named("takes_effect", operation=operation)
            yield Row((model, verb), operation, rules)


@each("case", edits)
def check_all_entries_of_a_long_list_count(
    case: tuple[str, str], long_membership_edits: LongMembershipEdits
) -> None:
    """A long list is carried out to its end."""
    model, verb = case
    edit = long_membership_edits.edit(model, verb)
    need_success(edit.response)
    wanted, shown = edit.expected(verb), set(ids(edit.after))
    expect(
        f"{OPERATIONS[model].slug} after {verb} of {len(edit.refs)}",
        holds=wanted == shown,
        expected=sorted(wanted),
        actual=sorted(shown),
        exchange=edit.after,
    )
