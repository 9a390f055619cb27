"""The command line in a process that is forked from this one: it does not import the suite anew.

Forking needs POSIX. What a process does while it still imports is not shown by it.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, TextIO

from conformance.__main__ import run_as_process
from conformance.contract import revisions
from conformance.mutation.preloading import preload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_FORK = multiprocessing.get_context("fork")
GRACE = 10.0  # seconds to end after SIGTERM


class Forked:
    """`python -m conformance` with these words; what it prints lands in two files of the folder."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        """Start it in the folder."""
        _load()
        self._words, self._folder = list(words), folder
        self._out, self._err = folder / "out.txt", folder / "err.txt"
        self._process = _FORK.Process(target=self._work, args=(dict(environment),))
        self._process.start()

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.is_alive()

    def end(self, patience: float) -> subprocess.CompletedProcess[str]:
        """Wait so many seconds for its end; return its exit code and what it printed.

        Raises:
            subprocess.TimeoutExpired: it did not end, and was stopped.

        """
        self._process.join(patience)
        code = self._process.exitcode
        self.stop()
        out, err = (path.read_text("utf-8", "replace") for path in (self._out, self._err))
        if code is None:
            raise subprocess.TimeoutExpired(self._words, patience, out, err)
        return subprocess.CompletedProcess(self._words, code, out, err)

    def stop(self) -> None:
        """Ask it to end, where it has not; end it with what it started, where it does not."""
        if self.is_alive:
            self._process.terminate()
            self._process.join(GRACE)
        if self.is_alive:
            os.killpg(self._process.pid or 0, signal.SIGKILL)
        self._process.join()

    def _work(self, environment: dict[str, str]) -> None:
        os.setpgid(0, 0)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(self._folder)
        sys.stdout, sys.stderr = _to(self._out, 1), _to(self._err, 2)
        run_as_process(self._words)


@functools.cache
def _load() -> None:
    preload(revisions())


def _to(path: Path, number: int) -> TextIO:
    """Let what is printed to the descriptor go to the file."""
    file = path.open("w", encoding="utf-8", buffering=1)
    os.dup2(file.fileno(), number)
    return file
