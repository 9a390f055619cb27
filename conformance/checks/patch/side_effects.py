"""What a PATCH must leave alone besides its own entity, and the lists that must show it at once (docs: reference#api-reference).

The PATCHes are those of `scenarios.patch_sequence`; around them stand a bystander of each kind, and a group with its member.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.checks import each, requirement
from conformance.contract.equivalence import same
from conformance.contract.rows import Row, table_of
from conformance.contract.value_types import fits
from conformance.http import PreconditionFailed
from conformance.http.assertions import (
    ABSENT,
    expect,
    need_list,
    need_object,
    need_row,
    need_success,
)
from conformance.scenarios.patch_sequence import MEMBERSHIP, MODELS, VOLATILE, flat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.scenarios.patch_sequence import PatchSequence

# Which entity stands by while a PATCH changes one of the model; that of the system must leave members alone.
BYSTANDERS = {"Member": "member", "Group": "group", "System": "member"}


def listed(contract: Contract) -> Iterator[Row]:
    """Rows for the models that lists show."""
    for model in ("Member", "Group"):
        rules = contract.named("persists", operation=f"update{model}")
        yield Row(model, model.lower(), rules)


def differing(
    before: dict[str, Any], after: dict[str, Any], keys: set[str]
) -> dict[str, dict[str, Any]]:
    """Return the values of those keys that differ: `{"before": ..., "after": ...}`."""
    old, new = flat(before), flat(after)
    named = [
        key
        for key in old
        if key.partition(".")[0] in keys and not same(old[key], new.get(key, ABSENT))
    ]
    return {"before": {k: old[k] for k in named}, "after": {k: new.get(k, ABSENT) for k in named}}


def documented(contract: Contract, model: str) -> set[str]:
    """Return the keys that every response has and that do not change by themselves."""
    return {f.key for f in contract.fields_of(model) if f.always and f.key not in VOLATILE}


def mistyped(contract: Contract, model: str, row: dict[str, Any]) -> set[str]:
    """Return the keys that a list leaves out, or shows with a value of another type: both are for checks of their own."""
    fields = contract.fields_of(model)
    return {f.key for f in fields if f.key not in row or not fits(f, row[f.key])}


@requirement("patch-preserves-missing-keys")
@each("model", table_of(MODELS, str.lower))
def check_patch_leaves_other_entities_alone(
    model: str, patch_sequence: PatchSequence, contract: Contract
) -> None:
    """A PATCH changes no other entity than the one of its path."""
    kind = BYSTANDERS[model]
    ref, lists = patch_sequence.untouched[kind].id, patch_sequence.lists(model)
    before, after = (need_row(found.of_system, ref) for found in lists)
    found = differing(before, after, documented(contract, kind.capitalize()))
    expect(
        f"a {kind} that was not in the path of any PATCH",
        holds=not found["before"],
        expected=found["before"],
        actual=found["after"],
        exchange=lists[1].of_system,
    )


@each("model", listed)
def check_lists_show_the_patched_entity(
    model: str, patch_sequence: PatchSequence, contract: Contract
) -> None:
    """After a PATCH the lists of the system, and of a membership, show the entity as a GET of it alone does."""
    _, lists = patch_sequence.lists(model)
    single = need_object(patch_sequence.all_steps(model)[-1].after)
    for exchange in filter(None, (lists.of_system, lists.of_membership)):
        row = need_row(exchange, str(single.get("id")))
        known = documented(contract, model) - mistyped(contract, model, row)
        if not isinstance(row.get("privacy"), dict):  # which is for its own requirement
            known.discard("privacy")
        found = differing(single, row, known)
        expect(
            f"a {model.lower()} in {exchange.label} after PATCHes",
            holds=not found["before"],
            expected=found["before"],
            actual=found["after"],
            exchange=exchange,
        )


@requirement("patch-preserves-missing-keys")
@each("model", table_of(MEMBERSHIP, str.lower))
def check_patch_keeps_memberships(model: str, patch_sequence: PatchSequence) -> None:
    """A PATCH of a group keeps its members, and a PATCH of a member keeps it in its groups."""
    need_success(patch_sequence.membership_added())
    _, lists = patch_sequence.lists(model)
    if lists.of_membership is None:
        reason = f"no {model.lower()} has a membership"
        raise PreconditionFailed(reason)
    ref = patch_sequence.patched_entities.creation(model).entity.id
    shown = [row.get("id") for row in need_list(lists.of_membership) if isinstance(row, dict)]
    expect(
        f"{lists.of_membership.label} after PATCHes of the {model.lower()}",
        holds=ref in shown,
        expected=[ref],
        actual=shown,
        exchange=lists.of_membership,
    )
