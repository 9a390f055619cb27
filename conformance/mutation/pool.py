"""Many pieces of work at once: each in a forked process of its own, no more of them than there are jobs.

What a piece returns comes back through a file, as JSON.
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

TICK = 0.01  # seconds between two looks at what is over


def work_off(
    pieces: Sequence[Work], jobs: int, patience: float
) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """Do all pieces; yield the number of each with what it returned, as they end.

    None is what a piece returned that raised, crashed or took more than `patience` seconds. When the loop is left early,
    everything that was started is stopped.
    """
    waiting = list(enumerate(pieces))[::-1]
    at_work: dict[int, tuple[int, float]] = {}
    with tempfile.TemporaryDirectory(prefix="pluralkit-power-") as name:
        folder = Path(name)
        try:
            while waiting or at_work:
                while waiting and len(at_work) < jobs:
                    number, piece = waiting.pop()
                    at_work[_start(piece, folder / str(number))] = (number, time.monotonic())
                for child in _ended(at_work, patience):
                    number, _ = at_work.pop(child)
                    yield number, _result(folder / str(number))
        finally:
            for child in at_work:
                _stop(child)


def apart(piece: Work) -> dict[str, Any] | None:
    """Do one piece in a forked process that is stopped with this one, and return what it returned; None when it raised."""
    with tempfile.TemporaryDirectory(prefix="pluralkit-power-") as name:
        file = Path(name, "result")
        os.waitpid(fork(lambda: _write(piece, file)), 0)
        return _result(file)


def _start(piece: Work, file: Path) -> int:
    def work() -> None:
        os.setpgid(0, 0)  # so that what it starts can be stopped with it
        _write(piece, file)

    return fork(work)


def _write(piece: Work, file: Path) -> None:
    result = json.dumps(piece())
    file.write_text(result, encoding="utf-8")


def _ended(at_work: dict[int, tuple[int, float]], patience: float) -> list[int]:
    time.sleep(TICK)
    for child, (_, since) in at_work.items():
        if time.monotonic() - since > patience:
            _kill(child)
    return [child for child in at_work if os.waitpid(child, os.WNOHANG) != (0, 0)]


def _result(file: Path) -> dict[str, Any] | None:
    if not file.exists():
        return None
    made: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return made


def _stop(child: int) -> None:
    _kill(child)
    os.waitpid(child, 0)


def _kill(child: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
