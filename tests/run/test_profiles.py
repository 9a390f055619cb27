"""Profiles and features: what a run sends, and what it says of what is not declared."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.run.conftest import verdicts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Checks, ReadReport, Reference, Run, StartReference

NARROW = ("-k", "user_agent or settings or guilds or messages or public_reads or lists")


@pytest.mark.long
@pytest.mark.parametrize("profile", ["anonymous", "read-only"])
def test_a_smaller_profile_sends_no_write(
    run_suite: Run,
    report: ReadReport,
    start_reference: StartReference,
    tmp_path: Path,
    profile: str,
) -> None:
    """The server's log has only reads, without a token in profile anonymous; nothing is failed or untested."""
    log = tmp_path / "requests.jsonl"
    with start_reference("--request-log", str(log)) as server:
        content = server.target_file.read_text("utf-8")
        if profile == "anonymous":
            lines = [line for line in content.splitlines() if "token" not in line]
            content = "\n".join(lines).replace("[fixtures]", '[fixtures]\nsystem_id = "ukgokv"')
        file = tmp_path / "edited.toml"
        file.write_text(content, "utf-8")
        run = run_suite("--target", str(file), "--profile", profile)
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"profile {profile}\n" in run.stdout.splitlines(keepends=True)[0]
    assert {entry["method"] for entry in _lines(log)} == {"GET"}
    made = report()
    assert made["profile"] == profile
    assert made["left_over"] == []
    assert {"passed", "not-applicable"} == {row["verdict"] for row in made["requirements"]}
    events = tmp_path.glob("reports/*/*/events.jsonl")
    callers = {event["caller"] for file in events for event in _lines(file) if "caller" in event}
    assert callers == ({"anonymous"} if profile == "anonymous" else {"anonymous", "owner", "other"})


def test_features_that_are_not_declared(
    run_suite: Run, report: ReadReport, reference: Reference, tmp_path: Path
) -> None:
    """Only declared features are tested; those that the target shows all the same are pointed out, and nothing fails."""
    file = tmp_path / "edited.toml"
    content = reference.target_file.read_text("utf-8")
    file.write_text('features = ["guilds"]\n' + content, "utf-8")
    run = run_suite("--target", str(file), "--budget", "0", *NARROW)
    assert run.returncode == 0, run.stdout + run.stderr
    made = report()
    assert made["undeclared"] == ["messages", "autoproxy", "settings", "rate_limits"]
    for feature in made["undeclared"]:
        assert f"not tested: the target has {feature}, which features in its file" in run.stdout
    found = verdicts(made)
    assert found["system-guild-tag-max-79"] == "passed"
    assert {"settings-keys", "get-message-returns-message"}.isdisjoint(found)
    assert not {"failed", "error", "untested"} & set(found.values())


@pytest.mark.long
def test_a_whole_run_without_features(
    run_suite: Run, report: ReadReport, reference: Reference, tmp_path: Path
) -> None:
    """Without any feature a whole run passes; what needs one is not applicable."""
    file = tmp_path / "edited.toml"
    file.write_text("features = []\n" + reference.target_file.read_text("utf-8"), "utf-8")
    run = run_suite("--target", str(file), "--effort", "quick")
    assert run.returncode == 0, run.stdout + run.stderr
    found = verdicts(report())
    assert found["settings-keys"] == found["get-message-returns-message"] == "not-applicable"
    assert found["update-member-returns-member"] == "passed"
    assert {"passed", "not-applicable"} == set(found.values())


def test_profile_full_needs_a_token(run_suite: Run) -> None:
    """Without a token there is only profile anonymous, which needs a public system."""
    for profile in ("full", "read-only"):
        run = run_suite("--base-url", "http://127.0.0.1:1/v2", "--profile", profile)
        assert (run.returncode, run.stdout) == (4, "")
        assert run.stderr.startswith(f"error: profile {profile} needs a token: give --token")
    run = run_suite("--base-url", "http://127.0.0.1:1/v2", "--profile", "anonymous")
    assert "name a public system to read by system_id in [fixtures]" in run.stderr


def test_provision_and_reset(
    run_suite: Run, report: ReadReport, reference: Reference, checks: Checks, tmp_path: Path
) -> None:
    """The commands run before and after the checks, in the folder of the target file; one that fails stops the run, or is reported."""
    content = reference.target_file.read_text("utf-8")
    file = tmp_path / "target.toml"
    note = 'sh", "-c", "echo $PK_BASE_URL >> notes; exit '
    commands = f'provision = ["{note}0"]\nreset = ["{note}0"]\n'
    file.write_text(commands + content, "utf-8")
    words = ("--target", str(file), checks("user_agent/user_agent"))
    assert run_suite(*words).returncode == 0
    assert (tmp_path / "notes").read_text("utf-8") == f"{reference.base_url}\n" * 2
    file.write_text('reset = ["sh", "-c", "echo no disk; exit 7"]\n' + content, "utf-8")
    run = run_suite(*words)
    message = "reset command 'sh' of the target file ended with exit code 7: no disk"
    assert f"not as before: {message}" in run.stdout
    assert report()["left_over"] == [message]
    for command, problem in (
        ('["false"]', "provision command 'false' of the target file ended with exit code 1"),
        ('["./none"]', "provision command './none' of the target file cannot be run: No such file"),
    ):
        file.write_text(f"provision = {command}\n" + content, "utf-8")
        run = run_suite(*words)
        assert (run.returncode, run.stdout) == (4, "")
        assert run.stderr.startswith(f"error: {problem}")


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]
