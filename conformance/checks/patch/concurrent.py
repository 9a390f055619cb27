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

from conformance.checks import each, requirement
from conformance.contract.equivalence import means
from conformance.contract.rows import Row
from conformance.contract.samples import sample
from conformance.http import NotApplicable, Outcome, PreconditionFailed
from conformance.http.assertions import ABSENT, described, expect, need_object
from conformance.scenarios.once import outcome_of, value_or_raise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.contract import Contract, Field
    from conformance.http import Exchange
    from conformance.scenarios.patched_entities import PatchedEntities

MODELS = ("Member", "Group")
AT_ONCE = 3
VARIANT = 20  # no other check gives these values


@dataclasses.dataclass
class PatchResult:
    """PATCHes that were sent at once, each with a key of its own, and a GET after all of them."""

    values: dict[str, Any]
    patches: list[Exchange]
    after: Exchange


def fields(contract: Contract, model: str) -> list[Field]:
    """Return the keys of a model that are changed at the same time: the first that may be null."""
    found = [f for f in contract.fields_of(model) if f.in_patch and f.nullable]
    return [field for field in found if field.key != "privacy"][:AT_ONCE]


def contended(contract: Contract) -> Iterator[Row]:
    """Rows for these keys."""
    return (Row(field, field.name) for model in MODELS for field in fields(contract, model))


def at_once(jobs: list[Callable[[], Exchange]]) -> list[Exchange]:
    """Run the jobs in threads that start together; raises what the first of them raised."""
    start = threading.Barrier(len(jobs))

    def run(job: Callable[[], Exchange]) -> Exchange:
        start.wait()
        return job()

    with concurrent.futures.ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(run, job) for job in jobs]]


class ConcurrentPatches:
    """Changes the keys of one entity at the same time, once for each model."""

    def __init__(self, patched_entities: PatchedEntities) -> None:
        """Take the entities; nothing is sent yet."""
        self.patched_entities, self.owner = patched_entities, patched_entities.account.owner
        self._results: dict[str, PatchResult | Outcome] = {}
        self._warm = False

    def result(self, model: str) -> PatchResult:
        """Return the PATCHes of a model.

        Raises:
            NotApplicable: the target limits rates, so that requests wait for each other.
            PreconditionFailed: there is no such entity.

        """
        if self.owner.client.is_paced:
            reason = "the target limits rates: requests are sent one after the other"
            raise NotApplicable(reason)
        if model not in self._results:
            self._results[model] = outcome_of(lambda: self._send(model))
        return value_or_raise(self._results[model])

    def _send(self, model: str) -> PatchResult:
        at, send = self.patched_entities.refs(model), self.owner.send
        if not self._warm:  # so that connections are open, and the PATCHes arrive together
            at_once([partial(send, f"get{model}", at)] * AT_ONCE)
            self._warm = True
        values = {f.key: sample(f, VARIANT) for f in fields(self.patched_entities.contract, model)}
        patches = at_once(
            [partial(send, f"update{model}", at, json={key: values[key]}) for key in values]
        )
        return PatchResult(values, patches, send(f"get{model}", at))


@pytest.fixture(scope="session")
def concurrent_patches(patched_entities: PatchedEntities) -> ConcurrentPatches:
    """The PATCHes that the checks of this module look at."""
    return ConcurrentPatches(patched_entities)


@requirement("patch-preserves-missing-keys")
@each("field", contended)
def check_patches_at_the_same_time_keep_each_other(
    field: Field, concurrent_patches: ConcurrentPatches
) -> None:
    """A key that a PATCH set is still there when PATCHes of other keys arrived at the same time."""
    found = concurrent_patches.result(field.model)
    actual = need_kept(found).get(field.key, ABSENT)
    need_shown(found, field)
    expect(
        f"{field.key} after {len(found.patches)} PATCHes at the same time, each of another key",
        holds=means(field.key, actual, found.values[field.key]),
        expected=found.values[field.key],
        actual=actual,
        exchange=found.after,
    )


def need_shown(found: PatchResult, field: Field) -> None:
    """Raise PreconditionFailed where the PATCH of a key itself shows another value: then it was not stored, or is not shown."""
    own = found.patches[list(found.values).index(field.key)]
    if not means(field.key, need_object(own).get(field.key, ABSENT), found.values[field.key]):
        reason = f"{own.label} itself does not show the {field.key} that it sets"
        raise PreconditionFailed(reason, own)


def need_kept(found: PatchResult) -> dict[str, Any]:
    """Return the entity after the PATCHes; raises PreconditionFailed when PATCHes were rejected, or none of them is stored."""
    rejected = [patch for patch in found.patches if not patch.ok]
    if rejected:
        reason = f"{rejected[0].label} returned {described(rejected[0])}"
        raise PreconditionFailed(reason, rejected[0])
    shown = need_object(found.after)
    if not any(means(key, shown.get(key), value) for key, value in found.values.items()):
        reason = f"nothing that {found.patches[0].label} sets is there afterwards"
        raise PreconditionFailed(reason, found.after)
    return shown
