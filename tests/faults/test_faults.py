"""Faults of the reference server: each is caught by a check that names the broken sentence, and by no unrelated one.

Here are some of each rule of the docs, with all that the suite names for them (`named.yaml`). Which sentences a fault is
made to break is said where it is defined.
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

from conformance.commands.embedded import ReferenceServer
from conformance.contract import revisions
from conformance.reference.faults import find_fault

REVISION = revisions()[0]
NAMED: dict[str, dict[str, list[str]]] = yaml.safe_load(
    Path(__file__).with_name("named.yaml").read_text("utf-8")
)
LIMITS = "rate limits"  # these need the limited instance, and only its checks
CASES = [
    pytest.param(rule, name, set(named), id=name)
    for rule, faults in NAMED.items()
    for name, named in faults.items()
]


@pytest.mark.parametrize(("rule", "name", "named"), CASES)
def test_fault_is_caught_for_the_right_reason(
    rule: str, name: str, named: set[str], tmp_path: Path
) -> None:
    """The suite exits 1 and names what the fault breaks, and nothing else."""
    selection = "rate_limits" if rule == LIMITS else "not rate_limits and not generated"
    code, report = run_with_fault(name, selection, tmp_path)
    broken = {row["id"] for row in report["requirements"] if row["verdict"] in ("failed", "warned")}
    assert broken == named
    assert broken & set(find_fault(name).trips)
    assert not report["counts"]["error"]
    assert code == 1


def test_some_fault_of_each_rule_is_caught() -> None:
    """Of every rule of the reference page there is a fault here, and at least twenty in all."""
    assert sum(len(faults) for faults in NAMED.values()) >= 20
    assert all(NAMED.values())


def run_with_fault(name: str, selection: str, folder: Path) -> tuple[int, dict[str, Any]]:
    """Run the suite against a server with this fault; return the exit code and the report."""
    target = folder / "target.toml"
    words = ["--target", str(target), "--report-folder", str(folder), "-k", selection]
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
