"""Runs with a limited time, number or rate of requests."""

from __future__ import annotations

import collections
import json
import re
from typing import TYPE_CHECKING

import pytest

from conformance.contract import load

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Checks, ReadReport, Reference, Run, StartReference


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--max-requests", "8"), "--max-requests are sent"),
        (("--max-time", "0"), "--max-time 0 is over"),
    ],
    ids=["requests", "time"],
)
def test_stops_and_reports_what_is_untested(
    reference: Reference,
    run_suite: Run,
    report: ReadReport,
    checks: Checks,
    words: tuple[str, ...],
    message: str,
) -> None:
    """No check starts after the limit, everything is undone, and what did not run is untested."""
    target = ("--target", str(reference.target_file))
    run = run_suite(*target, checks("user_agent/user_agent"), checks("fields/nulls"), *words)
    made = report()
    assert run.returncode == 5, run.stdout
    assert f"stopped early: {message}" in run.stdout
    assert re.search("requirements? (is|are) untested: ", run.stdout)
    assert made["left_over"] == []
    reasons = {row["reason"] for row in made["requirements"] if row["verdict"] == "untested"}
    assert reasons == {f"not reached: {message}"}


def test_rate_is_kept(
    reference: Reference, run_suite: Run, report: ReadReport, checks: Checks
) -> None:
    """The rate that the user gives is kept, and the report has the seconds waited for it."""
    run = run_suite(
        "--target", str(reference.target_file), checks("user_agent/user_agent"), "--rate", "25/s"
    )
    assert run.returncode == 0, run.stdout
    assert report()["waited"] > 0
    assert "s of it for rate limits" in run.stdout


def test_invalid_rate(reference: Reference, run_suite: Run) -> None:
    """A text that is no rate is rejected before anything is sent."""
    run = run_suite("--target", str(reference.target_file), "--rate", "fast")
    assert run.returncode == 4
    assert "'fast' is no rate: give requests a second, like 5/s" in run.stderr


@pytest.mark.long
def test_documented_rates_are_kept(
    start_reference: StartReference, run_suite: Run, checks: Checks, tmp_path: Path
) -> None:
    """In the server's log no period of one second has more requests of a scope than its limit."""
    log, limits = tmp_path / "requests.jsonl", load().rate_limits
    with start_reference("--rate-limit", "documented", "--request-log", str(log)) as server:
        words = map(checks, ("errors/unknown_refs", "messages/messages", "auth/public_reads"))
        run = run_suite("--target", str(server.target_file), *words)
    assert run.returncode == 0, run.stdout
    received: dict[str, list[float]] = collections.defaultdict(list)
    for row in map(json.loads, log.read_text("utf-8").splitlines()):
        assert row["status"] != 429
        received[row["scope"]].append(row["at"])
    assert received.keys() == limits.keys()
    for scope, instants in received.items():
        ordered = sorted(instants)
        most = max(sum(at <= one < at + 1 for one in ordered) for at in ordered)
        assert most <= limits[scope], scope
