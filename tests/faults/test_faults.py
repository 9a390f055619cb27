"""Faults of the reference server: each is caught by a check that names the broken sentence, and by no unrelated one.

Here are some of each rule of the reference page, with all that the suite names for them (`named.yaml`). That every fault is
caught at all is shown by `nox -s faults`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from conformance.contract import revisions
from conformance.power.faults import Case, try_all
from conformance.power.preloading import preload
from conformance.power.trial import Scope
from conformance.reference.faults import find_fault

REVISION = revisions()[0]
NAMED: dict[str, dict[str, list[str]]] = yaml.safe_load(
    Path(__file__).with_name("named.yaml").read_text("utf-8")
)
# The modules of the rules of the reference page; what is under "rate limits" has its own.
REFERENCE_PAGE = (
    "authentication",
    "content_type",
    "user_agent",
    "null_fields",
    "post",
    "patch",
    "patch_bodies",
    "not_settable",
    "privacy_fields",
    "privacy_together",
    "privacy_lists",
)
RATE_LIMITS = ("rate_limits", "rate_headers", "rate_refusals")
CASES = [
    pytest.param(RATE_LIMITS if rule == "rate limits" else REFERENCE_PAGE, set(named), id=name)
    for rule, faults in NAMED.items()
    for name, named in faults.items()
]


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """Import once what every trial needs; each of them is forked."""
    preload({REVISION})


@pytest.mark.parametrize(("modules", "named"), CASES)
def test_fault_is_caught_for_the_right_reason(
    modules: tuple[str, ...], named: set[str], request: pytest.FixtureRequest
) -> None:
    """The checks of these modules name what the fault breaks, and nothing else."""
    name = request.node.callspec.id
    case = Case(name, REVISION, find_fault(name).trips)
    words = ("-k", " or ".join(f"{module}.py" for module in modules))
    [trial] = try_all([case], jobs=1, scope=Scope.ALL, words=words)
    assert {*trial.named} == named, trial.problem
    assert trial.hit
    assert not [reason for reason in trial.others.values() if reason.startswith("error")]


def test_some_fault_of_each_rule_is_caught() -> None:
    """Of every rule of the reference page there is a fault here, and at least twenty in all."""
    assert sum(len(faults) for faults in NAMED.values()) >= 20
    assert all(NAMED.values())
