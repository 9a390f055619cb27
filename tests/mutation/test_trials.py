"""Trials of faults: killed, survived or error."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

import pytest

from conformance.contract import revisions
from conformance.mutation import faults, pool, summary
from conformance.mutation.collected import Collected
from conformance.mutation.faults import Case
from conformance.mutation.trial import Scope, Trial, violates_at
from conformance.run import GENERATED
from conformance.signals import SIGNALS

if TYPE_CHECKING:
    from pathlib import Path

NEWEST = revisions()[0]
# Faults of each kind: a key, a rejection, privacy, an error, a limit, autoproxy, and one that needs other checks.
SAMPLE = (
    "patch_clears_unsent_group_keys",
    "accepts_empty_token",
    "leaks_member_name",
    "returns_malformed_json_with_422",
    "limits_are_one_higher",
    "autoproxy_patch_is_not_stored",
    "rejected_lists_have_errors_map",
)
LAUNCH = revisions()[-1]


@pytest.mark.unmeasured
def test_sample_is_killed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The command prints a line for each fault, writes both reports, and returns 0."""
    words = ["--only", *SAMPLE, "--revision", NEWEST, "--report-folder", str(tmp_path)]
    assert faults.faults(words) == 0, capfd.readouterr().out
    made = json.loads((tmp_path / "faults.json").read_text("utf-8"))
    assert (made["killed"], made["total"]) == (len(SAMPLE), len(SAMPLE))
    assert {trial["fault"] for trial in made["trials"]} == {*SAMPLE}
    assert "| patch | 1 of 1 |" in (tmp_path / "faults.md").read_text("utf-8")
    lines = capfd.readouterr().out.splitlines()
    assert sum("] killed " in line for line in lines) == len(SAMPLE)


@pytest.mark.parametrize(
    "words",
    [
        (),
        pytest.param(("--shuffle", "1"), marks=pytest.mark.long),
        pytest.param(("--shuffle", "2"), marks=pytest.mark.long),
        ("--seed", "7"),
    ],
    ids=["as it is", "shuffled", "shuffled again", "another seed"],
)
def test_order_changes_no_verdict(words: tuple[str, ...]) -> None:
    """With any order and seed, the checks report the same requirements."""
    case = Case("patch_clears_unsent_group_keys", NEWEST, ("patch-preserves-missing-keys",))
    [trial] = faults.try_all([case], jobs=1, scope=Scope.OWN, words=words)
    assert (trial.verdict, trial.hit) == ("killed", ["patch-preserves-missing-keys"])


def test_fault_of_another_requirement_survives() -> None:
    """A fault is not killed by checks of a requirement that it does not violate."""
    [trial] = faults.try_all(
        [Case("accepts_empty_token", NEWEST, ("memberref-uuid",))],
        jobs=1,
        scope=Scope.OWN,
        words=(),
    )
    assert (trial.verdict, trial.hit) == ("survived", [])


def test_unusable_options_are_errors() -> None:
    """A trial that could not start is an error, with the message."""
    case = Case("accepts_empty_token", NEWEST, ("memberref-uuid",))
    [trial] = faults.try_all([case], jobs=1, scope=Scope.OWN, words=("--revision", "1999-01"))
    assert trial.verdict == "error"
    assert "1999-01" in trial.problem


@pytest.mark.long
@pytest.mark.parametrize(("budget", "verdict"), [("600", "killed"), ("30", "survived")])
def test_search_goes_on_until_it_finds(budget: str, verdict: str) -> None:
    """A fault that only a sequence shows is searched for with several seeds; a small budget does not find it."""
    fault = "rejoining_is_forgotten"
    case = Case(fault, LAUNCH, violates_at(fault, LAUNCH))
    [trial] = faults.try_all([case], jobs=1, scope=Scope.OWN, words=("--budget", budget))
    assert trial.verdict == verdict
    assert all(
        name.startswith(("properties/privacy_states::", "properties/sequences::"))
        for name in trial.failing
    )


def test_signals_are_left_alone() -> None:
    """Collecting checks restores the signal handlers."""
    before = [signal.getsignal(number) for number in SIGNALS]
    checks = Collected(LAUNCH, [str(GENERATED)])
    assert checks.session.items
    assert [signal.getsignal(number) for number in SIGNALS] == before


def test_run_forked_returns_the_result() -> None:
    """A function in a forked process returns its result, or None when it raised."""

    def fails() -> dict[str, object]:
        raise ValueError

    assert pool.run_forked(lambda: {"a": 1}) == {"a": 1}
    assert pool.run_forked(fails) is None


def test_pool_survives_exceptions() -> None:
    """The result of a function that raises is None; the others have theirs."""

    def fails() -> dict[str, object]:
        raise ValueError

    results = dict(pool.run_all([lambda: {"a": 1}, fails, lambda: {"c": 3}], 2, 30.0))
    assert results == {0: {"a": 1}, 1: None, 2: {"c": 3}}


def test_pool_stops_after_the_timeout() -> None:
    """A function that takes too long is killed, and its result is None."""

    def hangs() -> dict[str, object]:
        while True:
            pass

    assert dict(pool.run_all([hangs], 1, 0.2)) == {0: None}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--only", "no_such_fault"], "unknown fault 'no_such_fault'"),
        (["--part", "4/3"], "no part '4/3'"),
    ],
)
def test_bad_usage(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Bad input is one line and exit code 4."""
    assert faults.faults(words) == 4
    assert message in capsys.readouterr().err


def test_findings_of_a_full_run() -> None:
    """Requirements that were not reported, and others that were, are listed."""
    trial = {"fault": "f", "revision": "r", "violates": ["a", "b"], "named": {"b": "x", "c": "y"}}
    assert summary.findings(trial) == [
        "not found violated: f at r: a",
        "also found violated: f at r: c",
    ]


def test_how_faults_are_named() -> None:
    """Of the killed ones it is counted how many requirements were violated, what came first, and which belong to others."""
    right = Trial("f", "r", ("a",), "killed", {"a": "x"}, "a")
    wrong = Trial("g", "r", ("b",), "killed", {"b": "x", "c": "y", "d": "z"}, "c")
    survivor = Trial("h", "r", ("e",), "survived", {"c": "y"}, "c")
    found = summary.naming([right, wrong, survivor])
    assert (found["mean"], found["median"], found["killed"]) == (2, 2, 2)
    assert found["first_card_right"] == 1
    assert found["named_for_others"] == {"c": 1, "d": 1}


def test_inert_faults_are_not_tried() -> None:
    """A fault that changes nothing at a revision violates nothing there."""
    assert violates_at("patch_sets_group_created", "2021-11") == ()
    assert violates_at("patch_sets_group_created", NEWEST)
