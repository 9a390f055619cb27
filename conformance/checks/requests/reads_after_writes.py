"""A read that was sent before a write shows its effect when it is sent again, however it names the system (docs: endpoints).

What each write must do, and each read show, is tested in the areas of their models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.checks import each
from conformance.contract.rows import Row
from conformance.http import PreconditionFailed
from conformance.http.assertions import expect, need_list, need_success
from conformance.http.outcomes import Wording
from conformance.scenarios.reads_after_writes import STEPS, Read, Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.contract import Contract
    from conformance.http import Exchange
    from conformance.scenarios.reads_after_writes import ReadsAfterWrites


def sights(_: Contract) -> Iterator[Row]:
    """Rows for each write with each read that it changes and that could be sent before it."""
    known: set[str] = {"system", "first member", "first group"}
    for step in STEPS:
        read_before = {*known}
        known.add(step.subject)
        for read in step.reads:
            if read.subject in read_before:
                words = (read.operation, "with-members" * read.with_members, read.caller)
                name = "-".join(word for word in (step.operation, *words) if word)
                yield Row((step, read), name, (step.requirement,))


@each("case", sights)
def check_read_shows_the_write(
    case: tuple[Step, Read], reads_after_writes: ReadsAfterWrites
) -> None:
    """What was read before a write is something else after it."""
    step, read = case
    sight = reads_after_writes.sight(step, read)
    need_success(sight.before)
    if read.with_members:
        need_members(sight.before)
    if sight.begins_old:
        reason = (
            f"{sight.before.label} showed nothing of an earlier write, which has a check of its own"
        )
        raise PreconditionFailed(reason, sight.before)
    if reads_after_writes.is_always_unchanged(read):
        reason = f"{sight.after.label} shows the same after every write, which is for the requirements on it"
        raise PreconditionFailed(reason, sight.after)
    expect(
        f"{sight.after.label} after {step.operation}",
        holds=not sight.is_unchanged,
        expected=Wording("another response than before it"),
        actual=Wording("the same response"),
        exchange=sight.after,
    )


def need_members(exchange: Exchange) -> None:
    """Raise PreconditionFailed where a list shows no members of its groups, which is for its own requirement."""
    if not all(isinstance(row, dict) and "members" in row for row in need_list(exchange)):
        reason = f"{exchange.label} shows groups without their members"
        raise PreconditionFailed(reason, exchange)
