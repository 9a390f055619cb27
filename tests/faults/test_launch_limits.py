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
BODY = "rate-limit-error-body-a"


def run(
    folder: Path, revision: str, words: list[str], *options: str, declared: bool = True
) -> tuple[int, dict[str, str]]:
    """Run the checks of rate limits against a server with these options; return the exit code and the verdicts.

    Unless it is `declared`, the target file does not name the instance that limits rates.
    """
    target = folder / "target.toml"
    with ReferenceServer(revision, target, *options):
        if not declared:
            described, _, _ = target.read_text("utf-8").partition("[rate_limit]")
            target.write_text(described, "utf-8")
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
        ("launch_allows_one_a_second", {PER_ADDRESS}),
        ("returns_429_as_html", {BODY}),
        ("omits_retry_after", {BODY}),
        ("applies_rejected_writes", {EXCEEDED}),
        ("returns_503_for_429", {EXCEEDED}),
    ],
)
def test_declared_limiter_is_held_to_the_page(
    tmp_path: Path, fault: str, violated: set[str]
) -> None:
    """A server fails for its limiter when its target file names one."""
    code, verdicts = run(tmp_path, "2021-11", [], "--fault", fault)
    assert {name for name, verdict in verdicts.items() if verdict == "failed"} == violated
    assert code == 1


def test_limiter_that_shows_is_held_to_the_page(tmp_path: Path) -> None:
    """A server fails for its limiter when a response is 429, although nobody named it."""
    words = ("--rate-limit", "documented", "--fault", "omits_retry_after")
    code, verdicts = run(tmp_path, "2021-11", [], *words, declared=False)
    assert {name for name, verdict in verdicts.items() if verdict == "failed"} == {BODY}
    assert code == 1


def test_absent_limit_is_unimplemented(tmp_path: Path) -> None:
    """A server without the limit that was announced is conformant, unless the limit is required."""
    code, verdicts = run(tmp_path, "2021-11", [], declared=False)
    assert verdicts[PER_ADDRESS] == verdicts[EXCEEDED] == "unimplemented"
    assert verdicts["rate-limit-absent-at-a"] == "passed"
    assert code == 0
    (required := tmp_path / "required").mkdir()
    code, verdicts = run(required, "2021-11", ["--require-rate-limit"], declared=False)
    assert verdicts[PER_ADDRESS] == verdicts[EXCEEDED] == "failed"
    assert code == 1


@pytest.mark.parametrize("limiter", ["gcra", "fixed-window"])
def test_other_limiters_are_conformant(tmp_path: Path, limiter: str) -> None:
    """Each algorithm passes, with latency as well."""
    options = ("--limiter", limiter, "--latency", "50")
    code, verdicts = run(tmp_path, "2025-08", [], *options)
    assert set(verdicts.values()) == {"passed"}
    assert code == 0
