"""After SIGINT and SIGTERM a run undoes its changes, and ends without a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Reference, RunningSuite, StartReference


def test_stopped_by_sigterm(
    start_suite: Callable[..., RunningSuite],
    start_reference: StartReference,
    read_account: Callable[[Reference], list[Any]],
) -> None:
    """SIGTERM to the first process ends the run like Ctrl-C, and further signals do not disturb the clean-up."""
    with start_reference() as server:
        before = read_account(server)
        run = start_suite("--target", str(server.target_file), "-k", "patch or post")
        run.wait_for('"changing"')
        os.kill(run.process.pid, signal.SIGTERM)
        for number in (signal.SIGINT, signal.SIGINT, signal.SIGTERM):
            time.sleep(0.02)
            run.signal(number)
        output = run.end()
        assert read_account(server) == before
    assert run.process.returncode == 2
    report = json.loads((run.folder / "report.json").read_text("utf-8"))
    assert (report["status"], report["left_over"]) == ("interrupted", [])
    assert "Traceback" not in output


@pytest.mark.unmeasured
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("later", [0.0, 0.2, 0.4, 0.6, 0.8])
def test_stopped_at_its_begin(
    start_suite: Callable[..., RunningSuite], tmp_path: Path, later: float, number: signal.Signals
) -> None:
    """A signal before the first change ends the run with one line, and its embedded server with it."""
    run = start_suite("-k", "user_agent")
    while not (folders := list(tmp_path.glob("pluralkit-conformance-*"))):
        time.sleep(0.005)
    time.sleep(later)
    run.signal(number)
    output = run.end()
    assert run.process.returncode == 2, output
    assert "traceback" not in output.lower()
    assert "interrupted" in output
    assert not any(folder.exists() for folder in folders)


ENDS = """
import os, signal, sys
from conformance import signals

class Last:
    def __del__(self, kill=os.kill, own=os.getpid()):
        for number in (signal.SIGINT, signal.SIGTERM):
            kill(own, number)

last = Last()
signals.install_handlers()
try:
    exec("raise KeyboardInterrupt")
except KeyboardInterrupt:
    pass
signals.ignore()
sys.exit(3)
"""


def test_no_signal_changes_the_exit_code(tmp_path: Path) -> None:
    """Neither a KeyboardInterrupt that was caught, nor signals while Python ends, change it."""
    (tmp_path / "ends.py").write_text(ENDS, encoding="utf-8")
    command = [sys.executable, "-m", "ends"]  # the former matters only to `python -m`
    assert subprocess.run(command, cwd=tmp_path, check=False).returncode == 3


def test_a_signal_during_the_clean_up(
    start_suite: Callable[..., RunningSuite], start_reference: StartReference
) -> None:
    """A signal after the last check disturbs nothing; the exit code says interrupted, so that no further revision is run."""
    with start_reference("--latency", "80") as server:
        run = start_suite(
            "--target", str(server.target_file), "-k", "check_user_agent_is_needed_without_token"
        )
        run.wait_for('"check-finished"', "events.jsonl")
        time.sleep(0.05)
        run.signal(signal.SIGINT)
        output = run.end()
    assert run.process.returncode == 2
    assert output.endswith("interrupted\n")
