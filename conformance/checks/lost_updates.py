"""PATCHes that arrive at the same time: none undoes what another one wrote (docs: reference#api-reference).

A PATCH leaves alone the keys that it does not name, also those that somebody else is just changing.
"""

from __future__ import annotations

import concurrent.futures
import dataclasses
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks import Row, changes_system, each, requirement
from conformance.checks.meaning import means
from conformance.contract.samples import sample
from conformance.wire import NotApplicable, Outcome, Unmet
from conformance.wire.expectation import ABSENT, described, expect, need_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.checks.subjects import Subjects
    from conformance.contract import Contract, Field
    from conformance.wire import Exchange

MODEL = "Member"
AT_ONCE = 4
ROUNDS = 2
FIRST_VARIANT = 20  # no other check gives these values


@dataclasses.dataclass
class Round:
    """PATCHes that were sent at once, each with a key of its own, and a GET after all of them."""

    values: dict[str, Any]
    patches: list[Exchange]
    after: Exchange


def fields(contract: Contract) -> list[Field]:
    """Return the keys that are changed at the same time: the first that may be null."""
    found = [f for f in contract.fields_of(MODEL) if f.in_patch and f.nullable]
    return [field for field in found if field.key != "privacy"][:AT_ONCE]


def contended(contract: Contract) -> Iterator[Row]:
    """Rows for these keys."""
    return (Row(field, field.name) for field in fields(contract))


def at_once(jobs: list[Callable[[], Exchange]]) -> list[Exchange]:
    """Run the jobs in threads that start together; raises what the first of them raised."""
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], Exchange]) -> Exchange:
        start.wait()
        return job()

    with concurrent.futures.ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(run, job) for job in jobs]]


class Race:
    """Changes the keys of one member at the same time, some rounds of it, once."""

    def __init__(self, subjects: Subjects) -> None:
        """Take the subjects; nothing is sent yet."""
        self.subjects, self.owner = subjects, subjects.world.owner
        self._rounds: list[Round] | Outcome | None = None

    def rounds(self) -> list[Round]:
        """Return the rounds.

        Raises:
            NotApplicable: the target limits rates, so that requests wait for each other.
            Unmet: there is no member.

        """
        if self.owner.client.is_paced:
            reason = "the target limits rates: requests are sent one after the other"
            raise NotApplicable(reason)
        if self._rounds is None:
            try:
                self._rounds = self._run()
            except Outcome as problem:
                self._rounds = problem
        if isinstance(self._rounds, Outcome):
            raise self._rounds
        return self._rounds

    def _run(self) -> list[Round]:
        at = self.subjects.refs(MODEL)
        # So that connections are open, and the PATCHes arrive together.
        at_once([lambda: self.owner.send(f"get{MODEL}", at)] * AT_ONCE)
        return [self._round(at, FIRST_VARIANT + number) for number in range(ROUNDS)]

    def _round(self, at: dict[str, str], variant: int) -> Round:
        keys = fields(self.subjects.contract)
        values = {field.key: sample(field, variant) for field in keys}

        def patch(key: str) -> Exchange:
            return self.owner.send(f"update{MODEL}", at, json={key: values[key]})

        patches = at_once([partial(patch, key) for key in values])
        return Round(values, patches, self.owner.send(f"get{MODEL}", at))


@pytest.fixture(scope="session")
def race(subjects: Subjects) -> Race:
    """The rounds that the checks of this module look at."""
    return Race(subjects)


@changes_system
@requirement("patch-preserves-missing-keys")
@each("field", contended)
def check_patches_at_the_same_time_keep_each_other(field: Field, race: Race) -> None:
    """A key that a PATCH set is still there when PATCHes of other keys arrived at the same time."""
    for found in race.rounds():
        shown = need_kept(found)
        actual = shown.get(field.key, ABSENT)
        expect(
            f"{field.key} after {len(found.patches)} PATCHes at the same time, each of another key",
            holds=means(field.key, actual, found.values[field.key]),
            expected=found.values[field.key],
            actual=actual,
            exchange=found.after,
        )


def need_kept(found: Round) -> dict[str, Any]:
    """Return the entity after a round; raises Unmet when PATCHes were refused, or none of them left anything."""
    refused = [patch for patch in found.patches if not patch.ok]
    if refused:
        reason = f"{refused[0].label} answered {described(refused[0])}"
        raise Unmet(reason, refused[0])
    shown = need_object(found.after)
    if not any(means(key, shown.get(key), value) for key, value in found.values.items()):
        reason = f"nothing that {found.patches[0].label} sets is there afterwards"
        raise Unmet(reason, found.after)
    return shown
