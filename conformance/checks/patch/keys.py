"""Keys that a PATCH leaves out keep their value, those that it names get theirs (docs: reference#api-reference).

The PATCHes are those of `scenarios.patch_sequence`; what else they must leave alone is tested in `patch.side_effects`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each, requirement
from conformance.contract.equivalence import means
from conformance.contract.rows import Row, table_of
from conformance.contract.value_types import fits
from conformance.http import PreconditionFailed
from conformance.http.assertions import (
    ABSENT,
    described,
    expect,
    expect_accepted,
    expect_status,
    need_key,
    need_object,
    need_privacy,
    need_success,
)
from conformance.http.outcomes import Wording
from conformance.scenarios.patch_sequence import (
    MISASSIGNED,
    MISASSIGNED_TO,
    MODELS,
    Change,
    PatchSequence,
    Step,
    changes_of,
    flat,
    misassigned_values,
    unnamed_changes,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.http import Exchange


SET = {"private": "privacy-set-private", "public": "privacy-set-public"}


def changes(contract: Contract) -> Iterator[Row]:
    """Rows for each key, and each privacy key, that a PATCH may carry."""
    for model in MODELS:
        for change in changes_of(contract, model):
            yield Row(change, f"{model.lower()}.{change.key}")


def expect_nothing_lost(
    change: Change, step: Step, exchange: Exchange, where: str, patch_sequence: PatchSequence
) -> None:
    """The exchange shows every key that the PATCH did not name as it was before."""
    found = unnamed_changes(step, exchange)
    shown = flat(step.before), flat(need_object(exchange))
    patch_sequence.need_shown(change.model, found["before"], *shown)
    named = ", ".join(other.key for other in step.values)
    expect(
        f"keys that a PATCH of {named or change.key} does not name, {where}",
        holds=not found["before"],
        expected=found["before"],
        actual=found["after"],
        exchange=exchange,
        as_upstream=bool(misassigned_values(step))
        and set(found["before"]) == {f"privacy.{MISASSIGNED_TO}"},
    )


@requirement("patch-preserves-missing-keys")
@each("change", changes)
def check_patch_keeps_other_keys(change: Change, patch_sequence: PatchSequence) -> None:
    """A PATCH of one key, or of some, leaves all others as they were, as a GET after it shows."""
    for step in patch_sequence.steps(change):
        need_object(step.patch)
        expect_nothing_lost(change, step, step.after, "read back", patch_sequence)


@requirement("patch-preserves-missing-keys")
@each("change", changes)
def check_patch_returns_other_keys(change: Change, patch_sequence: PatchSequence) -> None:
    """The response to a PATCH of one key, or of some, shows all others as they were."""
    for step in patch_sequence.steps(change):
        expect_nothing_lost(change, step, step.patch, "in the response", patch_sequence)


def stored(contract: Contract) -> Iterator[Row]:
    """The same rows, with the requirements that the key which was named has its new value."""
    for row in changes(contract):
        change = row.value
        rules = ("privacy-set-private", "privacy-set-public") if change.private else ()
        persists = contract.named("persists", operation=f"update{change.model}")
        yield Row(change, row.id, (*persists, *rules, *types(contract, change)))


def responses(contract: Contract) -> Iterator[Row]:
    """The same rows, with the requirement on what a PATCH returns."""
    for row in changes(contract):
        rules = contract.named("returns", operation=f"update{row.value.model}")
        yield Row(row.value, row.id, (*rules, *types(contract, row.value)))


def types(contract: Contract, change: Change) -> tuple[str, ...]:
    """Return the requirements on the type of a key, or else on what a GET shows."""
    if change.private:
        return ()
    of_key = contract.types_of(contract.field(change.model, change.key))
    return of_key or contract.named("returns", operation=f"get{change.model}")


def violated_by(
    change: Change, step: Step, exchange: Exchange, contract: Contract
) -> tuple[str, ...]:
    """Return what a key with another value violates: what is said of its type, of privacy, or of PATCH."""
    actual = flat(need_object(exchange)).get(change.path)
    is_read = exchange is step.after
    own = contract.named("persists" if is_read else "returns", operation=f"update{change.model}")
    if change.private:
        is_level = is_read and actual in ("private", "public")
        return (SET[step.values[change]],) if is_level else own
    mistyped = actual is not None and not fits(contract.field(change.model, change.key), actual)
    return (mistyped and types(contract, change)) or own


def expect_value_set(
    change: Change, step: Step, exchange: Exchange, where: str, patch_sequence: PatchSequence
) -> None:
    """The exchange shows the key that the PATCH named with its new value."""
    if change.private:
        need_privacy(exchange)
    shown = flat(need_object(exchange))
    if change.path not in flat(step.before):
        need_key(exchange, shown, change.path)
    actual, expected = shown.get(change.path, ABSENT), step.values[change]
    holds = means(change.key, actual, expected)
    if not holds:
        patch_sequence.need_shown(change.model, [change.key], shown)
    others = len(step.values) - 1
    beside = f", sent with {others} other keys," if others else ""
    expect(
        f"{change.key}{beside} {where}",
        holds=holds,
        expected=expected,
        actual=actual,
        exchange=exchange,
        as_upstream=is_mistake(change, step, actual),
        violates=violated_by(change, step, exchange, patch_sequence.contract),
    )


def is_mistake(change: Change, step: Step, actual: object) -> bool:
    """Whether a system shows what it would if some privacy keys had been taken for another one, as in 2021."""
    if change.private and change.key == MISASSIGNED_TO:
        return actual in misassigned_values(step)
    named = change.private and change.key in MISASSIGNED and bool(misassigned_values(step))
    return named and actual == flat(step.before).get(change.path, actual)


@each("change", stored)
def check_patched_key_is_stored(change: Change, patch_sequence: PatchSequence) -> None:
    """A GET after a PATCH shows the new value of the key that it named."""
    for step in patch_sequence.steps(change):
        need_accepted(change, step, patch_sequence)
        expect_accepted(step.patch, violates=of_patch("persists", change, patch_sequence))
        expect_value_set(change, step, step.after, "read back", patch_sequence)


@each("change", responses)
def check_patch_returns_new_value(change: Change, patch_sequence: PatchSequence) -> None:
    """A PATCH returns the entity, and the key that it named has its new value."""
    for step in patch_sequence.steps(change):
        need_accepted(change, step, patch_sequence)
        expect_status(step.patch, 200, violates=of_patch("returns", change, patch_sequence))
        need_level_stored(change, step)
        expect_value_set(change, step, step.patch, "in the response", patch_sequence)


def of_patch(about: str, change: Change, patch_sequence: PatchSequence) -> tuple[str, ...]:
    """Return the requirements on the PATCH itself: what it `returns`, or that what it sets `persists`."""
    return patch_sequence.contract.named(about, operation=f"update{change.model}")


def need_accepted(change: Change, step: Step, patch_sequence: PatchSequence) -> None:
    """Raise PreconditionFailed where some PATCHes are accepted and this one is not: which keys may be sent has a check of its own."""
    if any(other.patch.ok for other in patch_sequence.all_steps(change.model)):
        need_success(step.patch)


def need_level_stored(change: Change, step: Step) -> None:
    """Raise PreconditionFailed where the response shows the level of privacy that is there, which is not the one that was sent."""
    stored, returned = (flat(need_object(one)).get(change.path) for one in (step.after, step.patch))
    if change.private and stored == returned and stored in SET.keys() - {step.values[change]}:
        reason = f"{change.key} was not stored, which is for the requirements on privacy"
        raise PreconditionFailed(reason, step.after)


@requirement("patch-keys-all-optional")
@each("change", changes)
def check_key_can_be_sent_without_others(change: Change, patch_sequence: PatchSequence) -> None:
    """A PATCH of one key alone, or of some, is accepted."""
    for step in patch_sequence.steps(change):
        expect_accepted(step.patch)


@requirement("patch-needs-a-valid-key")
@each("model", table_of(MODELS, str.lower))
def check_unknown_key_beside_valid_ones_is_ignored(
    model: str, patch_sequence: PatchSequence
) -> None:
    """A PATCH that holds valid keys is accepted although it holds another one too."""
    found = [step for step in patch_sequence.all_steps(model) if step.with_unknown_key]
    if not found:
        reason = f"no PATCH of a {model.lower()} came as far as an unknown key"
        raise PreconditionFailed(reason)
    [step] = found
    if step.again:
        need_success(step.again.patch)
    expect(
        f"{step.patch.label} with an unknown key beside others",
        holds=step.patch.ok,
        expected=Wording("accepted, as without that key"),
        actual=described(step.patch),
        exchange=step.patch,
    )
