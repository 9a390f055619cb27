"""Properties alone find faults: each names what is broken, or a requirement that is seen in the same responses."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from conformance.contract import revisions
from conformance.mutation.faults import Case, try_all
from conformance.mutation.preloading import preload
from conformance.mutation.trial import Scope
from conformance.reference.faults import FAULTS, find_fault

REVISION = revisions()[0]
FOUND_BEFORE = yaml.safe_load(Path(__file__).with_name("found.yaml").read_text("utf-8"))
AT_ONCE = "patch_is_not_stored"
FOUND = {
    "leaks_private_fields_to_any_token": 400,
    "patch_is_not_stored": 400,
    "delete_switch_does_nothing": 400,
    "leaks_member_pronouns": 900,
    "rejoining_is_forgotten": 1800,
    "omits_actual_length": 1800,
    "lists_foreign_members": 1800,
}


def test_found_faults_are_still_there() -> None:
    """The last measurement is of faults that there are still, each reported once."""
    assert sorted(set(FOUND_BEFORE)) == FOUND_BEFORE
    assert {*FOUND_BEFORE} <= FAULTS.keys()


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """Import once what every trial needs; each of them is forked."""
    preload({REVISION}, generated=True)


@pytest.mark.parametrize(
    ("name", "budget"),
    [
        pytest.param(*row, marks=() if row[0] == AT_ONCE else pytest.mark.long)
        for row in FOUND.items()
    ],
)
def test_fault_is_found(name: str, budget: int) -> None:
    """Without a hand-written check the fault is found, and nothing goes wrong in the suite."""
    case = Case(name, REVISION, find_fault(name).violates)
    words = ("--budget", str(budget))
    [trial] = try_all([case], jobs=1, scope=Scope.PROPERTIES, words=words)
    assert trial.named, trial.problem
    assert not [reason for reason in trial.others.values() if reason.startswith("error")]
