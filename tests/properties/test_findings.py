"""Properties alone find faults: each names what is broken, or a sentence that is seen in the same answers."""

from __future__ import annotations

import pytest

from conformance.contract import revisions
from conformance.power.faults import Case, try_all
from conformance.power.preloading import preload
from conformance.power.trial import Scope
from conformance.reference.faults import find_fault

REVISION = revisions()[0]
FOUND = (
    "leaks_private_fields_to_any_token",
    "patch_is_not_stored",
    "delete_switch_does_nothing",
)


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """Import once what every trial needs; each of them is forked."""
    preload({REVISION})


@pytest.mark.parametrize("name", FOUND)
def test_fault_is_found(name: str) -> None:
    """Without a hand-written check the fault is found, and nothing goes wrong in the suite."""
    case = Case(name, REVISION, find_fault(name).trips)
    words = ("--budget", "400")
    [trial] = try_all([case], jobs=1, scope=Scope.PROPERTIES, words=words)
    assert trial.named, trial.problem
    assert not [reason for reason in trial.others.values() if reason.startswith("error")]
