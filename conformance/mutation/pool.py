"""A pool of forked processes: runs functions, each in a process of its own, at most `jobs` at once.

The result of a function is passed back through a file, as JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.mutation.faulty_servers import fork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Work = Callable[[], dict[str, Any]]

POLL_INTERVAL = 0.01  # seconds


def run_all(
    functions: Sequence[Work], jobs: int, timeout: float
) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """Call all functions; yield the index of each with its result, as they end.

    The result is None if it raised, crashed or took more than `timeout` seconds. When the loop is left early, all processes
    are killed.
    """
    waiting = list(enumerate(functions))[::-1]
    running: dict[int, tuple[int, float]] = {}
    with tempfile.TemporaryDirectory(prefix="pluralkit-mutation-") as name:
        folder = Path(name)
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    number, function = waiting.pop()
                    running[_start(function, folder / str(number))] = (number, time.monotonic())
                for child in _ended(running, timeout):
                    number, _ = running.pop(child)
                    yield number, _result(folder / str(number))
        finally:
            for child in running:
                _stop(child)


def run_forked(function: Work) -> dict[str, Any] | None:
    """Call one function in a forked process that is killed with this one; return its result, None if it raised."""
    with tempfile.TemporaryDirectory(prefix="pluralkit-mutation-") as name:
        file = Path(name, "result")
        os.waitpid(fork(lambda: _write(function, file)), 0)
        return _result(file)


def _start(function: Work, file: Path) -> int:
    def work() -> None:
        os.setpgid(0, 0)  # so that its children can be killed with it
        _write(function, file)

    return fork(work)


def _write(function: Work, file: Path) -> None:
    result = json.dumps(function())
    file.write_text(result, encoding="utf-8")


def _ended(running: dict[int, tuple[int, float]], timeout: float) -> list[int]:
    time.sleep(POLL_INTERVAL)
    for child, (_, since) in running.items():
        if time.monotonic() - since > timeout:
            _kill(child)
    return [child for child in running if os.waitpid(child, os.WNOHANG) != (0, 0)]


def _result(file: Path) -> dict[str, Any] | None:
    if not file.exists():
        return None
    result: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return result


def _stop(child: int) -> None:
    _kill(child)
    os.waitpid(child, 0)


def _kill(child: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
