"""Checks that got no response run again at the end of the run, with new scenarios."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.front import Front

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

    from tests.conftest import Checks, ReadReport, Reference, Run

    RunBehind = Callable[..., CompletedProcess[str]]


@pytest.fixture
def run_behind(run_suite: Run, reference: Reference) -> RunBehind:
    """Return a function that runs checks on the reference server behind a front that drops some responses."""
    tokens = {"PK_TOKEN": reference.token, "PK_OTHER_TOKEN": reference.other_token}

    def run(drops: Callable[[str, str], bool], *words: str) -> CompletedProcess[str]:
        with Front(reference.base_url.removesuffix("/v2"), drops=drops).serving() as front:
            base_url = f"http://127.0.0.1:{front.port}/v2"
            return run_suite("--base-url", base_url, "--name", "dropping", *words, **tokens)

    return run


def first_outcomes(folder: Path) -> dict[str, str]:
    """Return the outcome of each check when it first ended, from the event log."""
    lines = (folder / "events.jsonl").read_text("utf-8").splitlines()
    events: list[dict[str, Any]] = [json.loads(line) for line in lines]
    ended = [event for event in events if event["event"] == "check-finished"]
    return {event["check"]: event["outcome"] for event in reversed(ended)}


def test_dropped_response(
    run_behind: RunBehind, report: ReadReport, checks: Checks, tmp_path: Path
) -> None:
    """Where one response in the middle of a scenario is dropped, each of its checks passes in the end."""
    posts = itertools.count(1)
    dropped = 2

    def drops(method: str, _path: str) -> bool:
        return method == "POST" and next(posts) == dropped

    run = run_behind(drops, checks("post/twins"))
    assert run.returncode == 0, run.stdout + run.stderr
    made = report("dropping")
    first = first_outcomes(tmp_path / "reports/dropping/2025-08")
    again = [check for check, outcome in first.items() if outcome == "inconclusive"]
    assert again
    assert f"checks without a response ran again: {len(again)} passed" in run.stdout
    assert made["checks"]["passed"] == len(first)
    assert made["left_over"] == []


def test_each_response_is_dropped(
    run_behind: RunBehind, report: ReadReport, checks: Checks
) -> None:
    """What stays without a response keeps its first reason; only once does it run again."""

    def drops(method: str, path: str) -> bool:
        return method == "POST" and path.endswith("/groups")

    run = run_behind(drops, checks("post/twins"))
    assert run.returncode == 5, run.stdout + run.stderr
    assert "inconclusive" in run.stdout
    reasons = [row["reason"] for row in report("dropping")["requirements"]]
    assert any("got no response" in reason for reason in reasons)
