"""Runs in a GitHub job: annotations, the summary of the job, and that a server cannot give commands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from conformance.run.github import Job

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Checks, Reference, Run, StartReference

FAULT, ID = "accepts_below_other_system_switch_id_of_get_switch", "switch-of-another-system-404"
IN_JOB = {"GITHUB_ACTIONS": "true"}


def test_a_failure_in_a_job(
    run_suite: Run, start_reference: StartReference, tmp_path: Path
) -> None:
    """A violated requirement is annotated after the output, which is no command, and stands in the summary; no token does."""
    summary = tmp_path / "summary.md"
    summary.write_text("what an earlier step wrote\n")
    with start_reference("--fault", FAULT) as server:
        words = ("--target", str(server.target_file), "--requirement", ID)
        run = run_suite(*words, **IN_JOB, GITHUB_STEP_SUMMARY=str(summary))
        tokens = (server.token, server.other_token)
    assert run.returncode == 1
    first, *lines, last = run.stdout.splitlines()
    mark = first.removeprefix("::stop-commands::")
    assert re.fullmatch("[0-9a-f]{32}", mark)
    assert lines[-1] == f"::{mark}::"
    assert last.startswith(f"::error title={ID} (must)::")
    assert not any(line.lstrip().startswith("::") for line in lines[:-1])
    written = summary.read_text("utf-8")
    made = (tmp_path / "reports/reference/2025-08/summary.md").read_text("utf-8")
    assert written == f"what an earlier step wrote\n{made}"
    assert f"<code>{ID}</code>" in made
    assert not any(token in run.stdout + run.stderr + written for token in tokens)


def test_no_job(run_suite: Run, reference: Reference, checks: Checks, tmp_path: Path) -> None:
    """Elsewhere there is no command, and the file of the summary is left alone."""
    summary = tmp_path / "summary.md"
    words = ("--target", str(reference.target_file), checks("user_agent/user_agent"))
    run = run_suite(*words, GITHUB_STEP_SUMMARY=str(summary))
    assert run.returncode == 0
    assert "::stop" not in run.stdout
    assert not summary.exists()


@pytest.mark.parametrize("words", [("--target", "none.toml"), ("--base-url", "http://127.0.0.1:9")])
def test_a_run_that_cannot_begin(run_suite: Run, words: tuple[str, str]) -> None:
    """Why a target was not checked is annotated, too, when commands are obeyed again."""
    run = run_suite(*words, "-k", "user_agent", "--token", "abc", **IN_JOB)
    assert run.returncode == 4
    *before, last = run.stdout.splitlines()
    assert last == f"::error title=the target was not checked::{run.stderr.strip()[7:]}"
    assert before == [] or before[-1] == f"::{before[0].rpartition('::')[2]}::"


def test_a_plan_in_a_job(suite: Run, checks: Checks, tmp_path: Path) -> None:
    """The run on the reference server by which a plan is made leaves no summary."""
    summary = tmp_path / "summary.md"
    words = ("plan", checks("user_agent/user_agent"))
    plan = suite(*words, **IN_JOB, GITHUB_STEP_SUMMARY=str(summary))
    assert plan.returncode == 0
    assert not summary.exists()


def test_a_summary_that_cannot_be_written(tmp_path: Path) -> None:
    """A job without a file for its summary, or with one that cannot be written, has its annotations."""
    report: dict[str, Any] = {"requirements": [], "exchanges": {}, "outdated": []}
    job = Job({"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(tmp_path)})
    (tmp_path / "summary.md").write_text("made")
    assert job.end(report, tmp_path / "summary.md") == ["the job has no summary: Is a directory"]
    assert Job({"GITHUB_ACTIONS": "true"}).end(report, tmp_path / "summary.md") == []
