"""Runs that are interrupted or killed leave the account as it was, at once or after `restore`."""

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

    from tests.conftest import Reference, Run, RunningSuite, StartReference


@pytest.mark.long
def test_ctrl_c_undoes_the_run(
    start_suite: Callable[..., RunningSuite],
    start_reference: StartReference,
    read_account: Callable[[Reference], list[Any]],
) -> None:
    """After Ctrl-C the account is as before, that on the instance for rate limits, too; the report says interrupted, and the code is 2."""
    with start_reference() as server:
        before = read_account(server)
        assert read_account(_limited(server)) == before
        # All checks: a run of a few could be over before it is interrupted.
        run = start_suite("--target", str(server.target_file))
        run.wait_for('"changing"')
        run.signal(signal.SIGINT)
        output = run.end()
        assert read_account(server) == before
        assert read_account(_limited(server)) == before
    assert run.process.returncode == 2
    report = json.loads((run.folder / "report.json").read_text("utf-8"))
    assert report["status"] == "interrupted"
    assert report["left_over"] == []
    assert "interrupted: " in output
    assert "Traceback" not in output


@pytest.mark.unmeasured
def test_restore_undoes_a_killed_run(
    start_suite: Callable[..., RunningSuite],
    start_reference: StartReference,
    read_account: Callable[[Reference], list[Any]],
    suite: Run,
) -> None:
    """`restore` undoes a run that was killed, with its journal alone."""
    with start_reference() as server:
        before = read_account(server)
        run = start_suite("--target", str(server.target_file), "-k", "patch or post")
        run.wait_for('"changing"')  # of the system: created entities may be deleted soon
        while read_account(server) == before:
            assert run.process.poll() is None, "the run ended without a change"
        run.signal(signal.SIGKILL)
        run.end()
        assert read_account(server) != before
        journal, target = str(run.folder / "journal.jsonl"), str(server.target_file)
        restored = suite("restore", journal, "--target", target)
        assert (restored.returncode, restored.stdout) == (0, "restored\n")
        assert read_account(server) == before
        assert suite("report", str(run.folder / "events.jsonl")).stdout.startswith("incomplete: ")


def test_the_current_request_is_completed(
    start_suite: Callable[..., RunningSuite], start_reference: StartReference, tmp_path: Path
) -> None:
    """A signal during a request ends the run after its response: the event log has all that was sent."""
    request_log = tmp_path / "requests.jsonl"
    words = ("--latency", "80", "--rate-limit", "off", "--request-log", str(request_log))
    with start_reference(*words) as server:
        run = start_suite("--target", str(server.target_file), "-k", "system")
        run.wait_for('"changing"')
        run.signal(signal.SIGINT)
        run.end()
    assert run.process.returncode == 2
    sent = _lines(request_log)
    logged = [
        event for event in _lines(run.folder / "events.jsonl") if event["event"] == "exchange"
    ]
    assert len(sent) > 1
    assert [(e["method"], e["status"]) for e in logged] == [
        (e["method"], e["status"]) for e in sent
    ]


def _limited(server: Reference) -> Reference:
    described = tomllib.loads(server.target_file.read_text("utf-8"))
    return dataclasses.replace(server, base_url=described["rate_limit"]["base_url"])


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]
