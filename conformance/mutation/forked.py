"""The command line in a process that is forked from this one, without importing the suite again.

Forking needs POSIX.
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
STOP_TIMEOUT = 10.0  # seconds from SIGTERM to SIGKILL


class Forked:
    """`python -m conformance` with these words; its output is written to two files in the folder."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        """Start it in the folder."""
        _preload_once()
        self._words, self._folder = list(words), folder
        self._out, self._err = folder / "out.txt", folder / "err.txt"
        self._process = _FORK.Process(target=self._work, args=(dict(environment),))
        self._process.start()

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.is_alive()

    def wait(self, timeout: float) -> subprocess.CompletedProcess[str]:
        """Wait this many seconds for its end; return its exit code and output.

        Raises:
            subprocess.TimeoutExpired: it did not end, and was stopped.

        """
        self._process.join(timeout)
        code = self._process.exitcode
        self.stop()
        out, err = (path.read_text("utf-8", "replace") for path in (self._out, self._err))
        if code is None:
            raise subprocess.TimeoutExpired(self._words, timeout, out, err)
        return subprocess.CompletedProcess(self._words, code, out, err)

    def stop(self) -> None:
        """Terminate it, if it has not ended; kill it with its children, if it does not end then."""
        if self.is_alive:
            self._process.terminate()
            self._process.join(STOP_TIMEOUT)
        if self.is_alive:
            os.killpg(self._process.pid or 0, signal.SIGKILL)
        self._process.join()

    def _work(self, environment: dict[str, str]) -> None:
        os.setpgid(0, 0)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(self._folder)
        sys.stdout, sys.stderr = _redirect(self._out, 1), _redirect(self._err, 2)
        run_as_process(self._words)


@functools.cache
def _preload_once() -> None:
    preload(revisions())


def _redirect(path: Path, number: int) -> TextIO:
    """Redirect a file descriptor to the file."""
    file = path.open("w", encoding="utf-8", buffering=1)
    os.dup2(file.fileno(), number)
    return file
