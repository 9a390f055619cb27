"""Whole runs, from the command line to the report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

import conformance.reporting
from conformance.cli.request_cost import Cost, duration
from conformance.contract import load, revisions
from conformance.rate_limits.limited_target import PREFIX as LIMITED
from conformance.reporting.event_log import read
from tests.run.conftest import verdicts

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract import Contract
    from conformance.reporting import Run as Recorded
    from tests.conftest import (
        Checks,
        ReadReport,
        Reference,
        Run,
        RunningSuite,
        StartReference,
        StartStub,
    )

SCHEMA = Path(conformance.reporting.__file__).with_name("report.schema.json")
PARTIAL = "user_agent or post"


def schema_errors(report: dict[str, Any]) -> list[str]:
    """Return what is wrong with a report by its schema."""
    errors = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).iter_errors(report)
    return [f"{error.json_path}: {error.message}" for error in errors]


def areas(report: dict[str, Any]) -> set[str]:
    """Return the modules whose checks ran."""
    rows = report["requirements"]
    return {check["check"].partition("::")[0] for row in rows for check in row["checks"]}


@pytest.mark.long
def test_the_embedded_server_is_conformant(
    run_suite: Run, report: ReadReport, tmp_path: Path
) -> None:
    """Without a target every revision runs against the reference server; without generated requests it is not partial."""
    run = run_suite("--budget", "0")
    assert run.returncode == 0, run.stdout + run.stderr
    for revision in revisions():
        made = report(revision=revision)
        assert schema_errors(made) == []
        assert (made["status"], made["partial"], made["left_over"]) == ("conformant", False, [])
        assert set(verdicts(made).values()) <= {"passed", "not-applicable", "warned"}
        assert made["counts"]["passed"] > 50
        assert not any(area.startswith("properties/") for area in areas(made))
        log = tmp_path / "reports" / "reference" / revision / "events.jsonl"
        assert_bursts_are_sent_in_the_background(read(log), load(revision))


def test_embedded_server_of_each_revision(
    run_suite: Run, report: ReadReport, checks: Checks
) -> None:
    """Without a target there is a server for each revision; an unknown revision is rejected."""
    assert run_suite(checks("members/lists")).returncode == 0
    assert [report(revision=revision)["partial"] for revision in revisions()] == [True, True]
    wrong = run_suite("--revision", "2025-80")
    assert wrong.stderr == "error: unknown revision '2025-80': did you mean 2025-08?\n"


def assert_bursts_are_sent_in_the_background(made: Recorded, contract: Contract) -> None:
    """Bursts are sent from the first check on, to the instance for rate limits, and their exchanges belong to its checks.

    A plan of the run counts no time for them, as other requests take longer at the documented rates.
    """
    sent = [one for one in made.exchanges.values() if "::" in one["check"]]
    bursts = [one for one in sent if LIMITED in one["id"]]
    others = [one for one in sent if LIMITED not in one["id"]]
    assert min(one["sent"] for one in bursts) < min(one["sent"] for one in others)
    assert len(bursts) > 2 * sum(contract.rate_limits.values())
    assert all(one["check"].startswith("rate_limits/") for one in bursts)
    in_background, afterwards = (
        Cost.of(made, contract, has_limited_instance=True, in_background=in_background)
        for in_background in (True, False)
    )
    assert in_background.seconds == pytest.approx(afterwards.seconds - duration(bursts))


def test_limits_of_an_instance_of_their_own(
    run_suite: Run, start_reference: StartReference, report: ReadReport
) -> None:
    """Rate limits are checked on the instance that the target file names, and one violated requirement fails the run."""
    with start_reference("--fault", "omits_rate_limit_headers") as server:
        words = ("--requirement", "rate-limit-headers-present", "-x")
        run = run_suite("--target", str(server.target_file), *words)
    assert run.returncode == 1, run.stdout + run.stderr
    made = report()
    assert verdicts(made)["rate-limit-headers-present"] == "failed"
    [shown] = {check["evidence"] for row in made["requirements"] for check in row["checks"]}
    assert LIMITED in shown


def test_a_partial_run(run_suite: Run, report: ReadReport, reference: Reference) -> None:
    """A target can be given on the command line; a run with -k is reported as partial."""
    run = run_suite(
        *("--base-url", reference.base_url, "--name", "mine", "-k", PARTIAL),
        *("--token", reference.token, f"--other-token={reference.other_token}"),
        "--seed",
        "7",
        FORCE_COLOR="1",
    )
    assert run.returncode == 0, run.stdout + run.stderr
    made = report("mine")
    assert schema_errors(made) == []
    assert made["headline"].startswith("partial: conformant: ")
    assert made["selection"] == f"-k {PARTIAL}"
    assert made["seed"] == 7
    assert "partial: conformant: " in run.stdout


def test_narrowed_run_keeps_the_whole_report(
    run_suite: Run, report: ReadReport, reference: Reference, tmp_path: Path
) -> None:
    """A run that was narrowed writes beside the reports of a whole run; over those of another narrowed one."""
    words = ("--target", str(reference.target_file), "-k")
    folder = tmp_path / "reports/reference/2025-08"
    for expression in ("user_agent", "null"):
        run_suite(*words, expression)
        assert report()["selection"] == f"-k {expression}"
        assert not (folder / "partial").exists()
    whole = report() | {"headline": "conformant: 9 of 9 requirements passed"}
    (folder / "report.json").write_text(json.dumps(whole))
    run = run_suite(*words, "user_agent")
    assert report() == whole
    narrowed = json.loads((folder / "partial/report.json").read_text("utf-8"))
    assert narrowed["selection"] == "-k user_agent"
    assert "2025-08/partial/index.html" in run.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-k", "no_such_check"), "no check of revision 2025-08 matches -k no_such_check"),
        (("-m", "each and system"), "Unknown marker(s) in '-m' expression: system."),
        (("-m", "each and not each"), "no check of revision 2025-08 matches -m each and not each"),
    ],
)
def test_nothing_selected(
    suite: Run, stub: StartStub, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    """A run that selects nothing says so before its first request, and writes nothing."""
    target = stub(lambda _: None)
    run = suite("run", "--base-url", target.base_url, *words, PK_TOKEN="any")  # noqa: S106 not a real one
    assert (run.returncode, run.stdout) == (4, "")
    assert run.stderr.startswith(f"error: {message}")
    assert run.stderr.count("\n") == 1
    assert target.received == []
    assert not (tmp_path / "reports").exists()


def test_collection_needs_no_target(suite: Run, stub: StartStub, tmp_path: Path) -> None:
    """What only lists the checks sends and writes nothing."""
    target = stub(lambda _: None)
    words = ("--base-url", target.base_url, "--collect-only", "-q", "-k", "user_agent")
    run = suite("run", *words)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "check_user_agent" in run.stdout
    assert target.received == []
    assert not (tmp_path / "reports").exists()


def test_a_violated_must(
    run_suite: Run, report: ReadReport, faulty: Reference, checks: Checks, tmp_path: Path
) -> None:
    """A violated MUST fails the run and is shown with its evidence; no token is written."""
    run = run_suite("--target", str(faulty.target_file), checks("patch/keys"))
    assert run.returncode == 1
    made = report()
    assert schema_errors(made) == []
    failed = [name for name, verdict in verdicts(made).items() if verdict == "failed"]
    assert failed == ["patch-preserves-missing-keys"]
    [row] = [row for row in made["requirements"] if row["id"] == failed[0]]
    evidence = [check["evidence"] for check in row["checks"] if check["outcome"] == "failed"]
    assert evidence
    assert set(evidence) <= made["exchanges"].keys()
    assert "FAILED patch-preserves-missing-keys (must, " in run.stdout
    written = [path.read_text("utf-8") for path in (tmp_path / "reports").rglob("*.*")]
    assert len(written) == 7
    for text in (run.stdout, run.stderr, *written):
        assert faulty.token not in text
        assert faulty.other_token not in text


def test_stop_at_the_first_failure(
    run_suite: Run, report: ReadReport, faulty: Reference, checks: Checks
) -> None:
    """With -x the run ends at the first failure, and is partial."""
    run = run_suite("--target", str(faulty.target_file), checks("patch/keys"), "-x", "-v")
    assert run.returncode == 1
    made = report()
    assert made["checks"]["failed"] == 1
    assert made["headline"].startswith("partial: not conformant: ")
    assert "--maxfail=1" in made["selection"]
    assert "    sent as owner: curl " in run.stdout


def test_a_violated_should(
    run_suite: Run, report: ReadReport, faulty: Reference, checks: Checks
) -> None:
    """A violated SHOULD is a warning, and the run succeeds."""
    run = run_suite("--target", str(faulty.target_file), checks("switches/pages"))
    assert run.returncode == 0, run.stdout
    assert verdicts(report())["switch-members-in-given-order"] == "warned"
    assert "WARNED switch-members-in-given-order (should, " in run.stdout


def test_as_upstream(run_suite: Run, report: ReadReport, faulty: Reference, checks: Checks) -> None:
    """A known deviation is a warning, although the requirement is a MUST."""
    run = run_suite("--target", str(faulty.target_file), checks("user_agent/user_agent"))
    assert run.returncode == 0
    assert verdicts(report())["user-agent-empty-400"] == "warned"


def test_without_another_token(
    run_suite: Run, report: ReadReport, reference: Reference, checks: Checks
) -> None:
    """Without a second system its checks are not applicable, and the rest is conformant."""
    words = ("--base-url", reference.base_url, "--token", reference.token, "--name", "alone")
    run = run_suite(*words, checks("privacy/fields"))
    assert run.returncode == 0, run.stdout
    made = report("alone")
    outcomes = {
        check["check"]: check["outcome"] for row in made["requirements"] for check in row["checks"]
    }
    of_other = {name: outcome for name, outcome in outcomes.items() if name.endswith("-other]")}
    assert set(of_other.values()) == {"not-applicable"}
    assert made["checks"]["not-applicable"] >= len(of_other) > 0
    assert made["checks"]["passed"] > 0


@pytest.mark.unmeasured
def test_a_target_that_stops(
    start_suite: Callable[..., RunningSuite],
    start_reference: StartReference,
    report: ReadReport,
) -> None:
    """When the target stops responding the run ends soon, and is incomplete instead of failed."""
    with start_reference() as server:
        run = start_suite("--target", str(server.target_file), "-k", "patch or post or ids")
        run.wait_for('"did": "created"')
    run.end()
    made = report()
    assert run.process.returncode == 5
    assert made["status"] == "incomplete"
    assert "inconclusive" in verdicts(made).values()
    assert "failed" not in verdicts(made).values()
    assert made["left_over"]
    exchanges = read(run.folder / "events.jsonl").exchanges.values()
    without_response = [e for e in exchanges if e["status"] is None and LIMITED not in e["id"]]
    assert 0 < len(without_response) < 10
