"""`plan`: as many requests as a run sends, and none of them to the target."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from conformance.cli.request_cost import least_time
from conformance.http.pacing import MARGIN
from tests.stub import Response

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Checks, Reference, Run, StartStub

TOLERANCE = 0.1


@pytest.mark.parametrize("modules", [["user_agent/user_agent", "post/defaults"], ["patch/bodies"]])
def test_plan_is_what_a_run_sends(
    suite: Run,
    run_suite: Run,
    reference: Reference,
    checks: Checks,
    tmp_path: Path,
    modules: list[str],
) -> None:
    """The plan of a selection is within a tenth of what a run sends, in each scope."""
    chosen = [*map(checks, modules)]
    planned = suite("plan", "--json", "--target", str(reference.target_file), *chosen)
    assert planned.returncode == 0, planned.stderr
    plan: dict[str, Any] = json.loads(planned.stdout)
    assert run_suite("--target", str(reference.target_file), *chosen).returncode == 0
    [path] = tmp_path.rglob("report.json")
    made: dict[str, Any] = json.loads(path.read_text("utf-8"))
    assert plan["checks"] == sum(made["checks"].values())
    for scope, number in made["requests"]["by_scope"].items():
        assert plan["requests"]["by_scope"][scope] == pytest.approx(number, rel=TOLERANCE)


def test_plan_sends_nothing_to_the_target(suite: Run, stub: StartStub, checks: Checks) -> None:
    """The target gets no request, and without a second token the plan has fewer."""
    target = stub(lambda _: Response("{}"))
    words = (checks("privacy/lists"), "--base-url", target.base_url, "--token", "a")
    alone, both = suite("plan", *words), suite("plan", *words, "--other-token", "b")
    assert (alone.returncode, both.returncode) == (0, 0), alone.stderr + both.stderr
    assert target.received == []
    assert "at least" in alone.stdout
    assert alone.stdout != both.stdout


def test_plan_knows_no_failures(suite: Run, checks: Checks, tmp_path: Path) -> None:
    """The file of known failures says nothing of what is sent, and is not written."""
    words = ("--known-failures", "none.toml", "--update-known-failures")
    assert suite("plan", checks("user_agent/user_agent"), *words).returncode == 0
    assert not (tmp_path / "none.toml").exists()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["-k", "no_such_check"], 4, "matches -k no_such_check"),
        (["-k", "a and"], 4, "cannot read the expression 'a and'"),
        (["--revision", "2025-80"], 4, "did you mean 2025-08?"),
        (["--base-url", "nowhere"], 4, "does not start with http"),
    ],
)
def test_bad_input_is_one_line(suite: Run, words: list[str], code: int, message: str) -> None:
    """Input that cannot be planned is rejected with one line."""
    rejected = suite("plan", *words)
    assert rejected.returncode == code
    [line] = rejected.stderr.splitlines()
    assert line.startswith("error: ")
    assert message in line
    assert rejected.stdout == ""


def test_least_time() -> None:
    """Requests of one scope wait for each other; those of another fit in between."""
    assert least_time(["get"] * 11, {"get": 10}) == pytest.approx(MARGIN)
    assert least_time(["update", "get", "update"], {"get": 10, "update": 2}) == pytest.approx(
        MARGIN / 2
    )


@pytest.mark.long
def test_checks_of_rate_limits_are_planned_by_their_time(
    suite: Run, reference: Reference, checks: Checks
) -> None:
    """The plan has the time that they wait, and the resets around them if they have no instance of their own."""
    chosen = (checks("rate_limits/launch"), "--revision", "2021-11", "--require-rate-limit")
    url = ("--base-url", reference.base_url, "--token", "a")
    plans = [suite("plan", "--json", *words, *chosen) for words in ((), url)]
    apart, together = (json.loads(one.stdout)["seconds"] for one in plans)
    assert 0 < apart < together
