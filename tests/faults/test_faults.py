"""Faults of the reference server: each is caught by a check that names the broken sentence, and by no unrelated one.

Here are some of each rule of the reference page, with all that the suite names for them (`named.yaml`). That every fault is
caught at all is shown by `nox -s faults`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from conformance.checks import folders
from conformance.commands.embedded import ReferenceServer
from conformance.contract import revisions
from conformance.reference.faults import find_fault

REVISION = revisions()[0]
NAMED: dict[str, dict[str, list[str]]] = yaml.safe_load(
    Path(__file__).with_name("named.yaml").read_text("utf-8")
)
CHECKS = folders()[0]
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


@pytest.mark.parametrize(("modules", "named"), CASES)
def test_fault_is_caught_for_the_right_reason(
    modules: tuple[str, ...], named: set[str], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """The suite exits 1 and names what the fault breaks, and nothing else."""
    name = request.node.callspec.id
    code, report = run_with_fault(name, modules, tmp_path)
    assert broken(report) == named
    assert broken(report) & set(find_fault(name).trips)
    assert not report["counts"]["error"]
    assert code == 1


def test_some_fault_of_each_rule_is_caught() -> None:
    """Of every rule of the reference page there is a fault here, and at least twenty in all."""
    assert sum(len(faults) for faults in NAMED.values()) >= 20
    assert all(NAMED.values())


def broken(report: dict[str, Any]) -> set[str]:
    """Return the requirements that the run found broken."""
    return {row["id"] for row in report["requirements"] if row["verdict"] in ("failed", "warned")}


def run_with_fault(name: str, modules: tuple[str, ...], folder: Path) -> tuple[int, dict[str, Any]]:
    """Run some modules against a server with this fault; return the exit code and the report."""
    target = folder / "target.toml"
    paths = [str(CHECKS / f"{module}.py") for module in modules]
    words = ["--target", str(target), "--report-folder", str(folder), *paths]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PK_")}
    with ReferenceServer(REVISION, target, "--fault", name):
        completed = subprocess.run(
            [sys.executable, "-m", "conformance", "run", *words],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
    report = folder / "reference" / REVISION / "report.json"
    assert report.is_file(), completed.stdout + completed.stderr
    return completed.returncode, json.loads(report.read_text("utf-8"))
