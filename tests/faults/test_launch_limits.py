"""The one limit of 2021-11, and other algorithms: violations are reported with the right requirement, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from conformance.cli.embedded import ReferenceServer

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long
PER_ADDRESS = "rate-limit-2-per-second-per-ip"
EXCEEDED = "rate-limit-exceeded-429-a"


def run(folder: Path, revision: str, words: list[str], *options: str) -> tuple[int, dict[str, str]]:
    """Run the checks of rate limits against a server with these options; return the exit code and the verdicts."""
    target = folder / "target.toml"
    with ReferenceServer(revision, target, *options):
        command = [sys.executable, "-m", "conformance", "run", "--target", str(target), *words]
        command += ["-k", "rate_limits", "--report-folder", str(folder)]
        completed = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads((folder / "reference" / revision / "report.json").read_text("utf-8"))
    assert report["left_over"] == [], completed.stdout
    return completed.returncode, {row["id"]: row["verdict"] for row in report["requirements"]}


@pytest.mark.parametrize(
    ("fault", "violated"),
    [
        ("limits_by_token", {PER_ADDRESS}),
        ("never_limits", {PER_ADDRESS, EXCEEDED}),
        ("returns_429_as_html", {"rate-limit-error-body-a"}),
    ],
)
def test_the_announced_limit_can_be_required(
    tmp_path: Path, fault: str, violated: set[str]
) -> None:
    """A server that violates the limit fails when it is required, and lacks it otherwise."""
    code, verdicts = run(tmp_path, "2021-11", ["--require-rate-limit"], "--fault", fault)
    assert {name for name, verdict in verdicts.items() if verdict == "failed"} == violated
    assert code == 1


def test_absent_limit_is_unimplemented(tmp_path: Path) -> None:
    """A server without the limit that was announced is conformant."""
    code, verdicts = run(tmp_path, "2021-11", [], "--fault", "never_limits")
    assert verdicts[PER_ADDRESS] == verdicts[EXCEEDED] == "unimplemented"
    assert verdicts["rate-limit-absent-at-a"] == "passed"
    assert code == 0


@pytest.mark.parametrize("limiter", ["gcra", "fixed-window"])
def test_other_limiters_are_conformant(tmp_path: Path, limiter: str) -> None:
    """Each algorithm passes, with latency as well."""
    options = ("--limiter", limiter, "--latency", "50")
    code, verdicts = run(tmp_path, "2025-08", [], *options)
    assert set(verdicts.values()) == {"passed"}
    assert code == 0
