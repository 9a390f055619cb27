"""Runs that do not reach their end leave the account as it was, at once or by `restore`."""

from __future__ import annotations

import dataclasses
import json
import signal
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Reference, Run, Started, StartReference


@pytest.mark.long
def test_ctrl_c_undoes_the_run(
    start_suite: Callable[..., Started],
    start_reference: StartReference,
    discord_id: Callable[[Reference], list[Any]],
) -> None:
    """After Ctrl-C the account is as before, that on the instance for rate limits, too; the report says interrupted, and the code is 2."""
    with start_reference() as server:
        before = discord_id(server)
        assert discord_id(_limited(server)) == before
        # All checks: a run of a few could be over before it is interrupted.
        run = start_suite("--target", str(server.target_file))
        run.wait_for('"changing"')
        run.signal(signal.SIGINT)
        said = run.end()
        assert discord_id(server) == before
        assert discord_id(_limited(server)) == before
    assert run.process.returncode == 2
    report = json.loads((run.folder / "report.json").read_text("utf-8"))
    assert report["status"] == "interrupted"
    assert report["left_over"] == []
    assert "interrupted: " in said
    assert "Traceback" not in said


@pytest.mark.unmeasured
def test_restore_undoes_a_killed_run(
    start_suite: Callable[..., Started],
    start_reference: StartReference,
    discord_id: Callable[[Reference], list[Any]],
    suite: Run,
) -> None:
    """What a killed run left behind, `restore` takes away with nothing but its journal."""
    with start_reference() as server:
        before = discord_id(server)
        run = start_suite("--target", str(server.target_file), "-k", "patch or post")
        run.wait_for(
            '"changing"'
        )  # of the system, which stays changed: what is created may soon be deleted
        while discord_id(server) == before:
            assert run.process.poll() is None, "the run ended and had changed nothing"
        run.signal(signal.SIGKILL)
        run.end()
        assert discord_id(server) != before
        journal, target = str(run.folder / "journal.jsonl"), str(server.target_file)
        restored = suite("restore", journal, "--target", target)
        assert (restored.returncode, restored.stdout) == (0, "restored\n")
        assert discord_id(server) == before
        assert suite("report", str(run.folder / "events.jsonl")).stdout.startswith("incomplete: ")


def test_the_request_under_way_is_returned(
    start_suite: Callable[..., Started], start_reference: StartReference, tmp_path: Path
) -> None:
    """A signal that comes while a request is under way ends the run after its response: the event log has all that was sent."""
    asked = tmp_path / "asked.jsonl"
    words = ("--latency", "80", "--rate-limit", "off", "--request-log", str(asked))
    with start_reference(*words) as server:
        run = start_suite("--target", str(server.target_file), "-k", "system")
        run.wait_for('"changing"')
        run.signal(signal.SIGINT)
        run.end()
    assert run.process.returncode == 2
    sent = _lines(asked)
    reported = [
        event for event in _lines(run.folder / "events.jsonl") if event["event"] == "exchange"
    ]
    assert len(sent) > 1
    assert [(e["method"], e["status"]) for e in reported] == [
        (e["method"], e["status"]) for e in sent
    ]


def _limited(server: Reference) -> Reference:
    described = tomllib.loads(server.target_file.read_text("utf-8"))
    return dataclasses.replace(server, base_url=described["rate_limit"]["base_url"])


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]
