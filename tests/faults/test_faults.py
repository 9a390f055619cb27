"""Faults of the reference server: each is caught by a check that names the violated requirement, and by no unrelated one.

Here are some for each rule of the reference page, with all requirements that the suite names for them (`named.yaml`). That
every fault is caught is tested by `nox -s faults`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from conformance.contract import revisions
from conformance.run import keyword_of

REVISION = revisions()[0]
NAMED: dict[str, dict[str, list[str]]] = yaml.safe_load(
    Path(__file__).with_name("named.yaml").read_text("utf-8")
)
# The modules of the rules of the reference page; what is under "rate limits" has its own.
REFERENCE_PAGE = (
    "auth/authentication",
    "requests/content_type",
    "user_agent/user_agent",
    "fields/nulls",
    "post/defaults",
    "post/values",
    "patch/keys",
    "patch/bodies",
    "fields/read_only",
    "privacy/fields",
    "privacy/objects",
    "privacy/combinations",
    "privacy/visibility",
    "privacy/lists",
    "privacy/open_lists",
)
RATE_LIMITS = ("rate_limits/limits", "rate_limits/headers", "rate_limits/rejections")


def results_of(folder: Path, faults: list[str], modules: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the result of the checks of these modules for each of the faults."""
    words = ["--full", "--revision", REVISION, "--jobs", "2", "--report-folder", str(folder)]
    selection = " or ".join(map(keyword_of, modules))
    command = [sys.executable, "-m", "conformance.mutation", "faults", *words, "--only", *faults]
    run = subprocess.run(
        [*command, "--", "-k", selection], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    trials: list[dict[str, Any]] = json.loads((folder / "faults.json").read_text("utf-8"))["trials"]
    return trials


@pytest.mark.long
@pytest.mark.parametrize(
    ("rules", "modules"),
    [
        (NAMED.keys() - {"rate limits"}, REFERENCE_PAGE),
        ({"rate limits"}, RATE_LIMITS),
    ],
    ids=["reference page", "rate limits"],
)
def test_faults_are_caught_for_the_right_reason(
    tmp_path: Path, rules: set[str], modules: tuple[str, ...]
) -> None:
    """The checks of these modules name what each fault violates, and nothing else."""
    expected = {name: set(NAMED[rule][name]) for rule in rules for name in NAMED[rule]}
    trials = results_of(tmp_path, [*expected], modules)
    assert {trial["fault"]: set(trial["named"]) for trial in trials} == expected
    reasons = [reason for trial in trials for reason in trial["others"].values()]
    assert not [reason for reason in reasons if reason.startswith("error")]


def test_some_fault_of_each_rule_is_caught() -> None:
    """Of every rule of the reference page there is a fault here, and at least twenty in all."""
    assert sum(len(faults) for faults in NAMED.values()) >= 20
    assert all(NAMED.values())
