"""The command line in processes that are forked from this one: they do not import the suite anew.

What a process does while it still imports is for the tests that start one with `start_suite`.
"""

from __future__ import annotations

import contextlib
import functools
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, TextIO

from conformance import signals
from conformance.__main__ import main
from conformance.contract import revisions
from conformance.power.preloading import preload

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

PATIENCE = 180  # seconds until a test gives up on something that should have happened
_FORK = multiprocessing.get_context("fork")


class Forked:
    """`python -m conformance` with these words; what it prints lands in two files of the folder."""

    def __init__(
        self, words: Sequence[str], environment: Mapping[str, str], cwd: Path, folder: Path
    ) -> None:
        """Start it."""
        _load()
        folder.mkdir(parents=True, exist_ok=True)
        self._out, self._err = folder / "out.txt", folder / "err.txt"
        self._words = list(words)
        self.process = _FORK.Process(target=self._work, args=(dict(environment), cwd))
        self.process.start()

    def _work(self, environment: dict[str, str], cwd: Path) -> None:
        os.setpgid(0, 0)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(cwd)
        sys.stdout = _to(self._out, 1)
        sys.stderr = _to(self._err, 2)
        sys.argv = ["conformance", *self._words]
        signals.listen()
        code = main(self._words)
        sys.stdout.flush()
        sys.stderr.flush()
        sys.exit(code)

    def end(self) -> subprocess.CompletedProcess[str]:
        """Wait for its end; return its exit code and what it printed."""
        self.process.join(PATIENCE)
        code = self.process.exitcode
        self.kill()
        out, err = (path.read_text("utf-8", "replace") for path in (self._out, self._err))
        assert code is not None, f"it did not end: {self._words}\n{out}{err}"
        return subprocess.CompletedProcess(self._words, code, out, err)

    def terminate(self) -> None:
        """Ask it to end, and wait until it has."""
        self.process.terminate()
        self.process.join(10)
        self.kill()

    def kill(self) -> None:
        """End it where it has not ended."""
        if self.process.is_alive():
            os.killpg(self.process.pid or 0, signal.SIGKILL)
        self.process.join()


@functools.cache
def _load() -> None:
    preload(revisions())


@contextlib.contextmanager
def serving(folder: Path, *options: str) -> Iterator[Path]:
    """Serve the reference server, and beside it an instance that keeps limits; yield the target file of both."""
    file = folder / "target.toml"
    words = ("serve", "--quiet", "--port", "0", "--rate-limit", "off", "--rate-limit-port", "0")
    forked = Forked([*words, *options, "--target-file", str(file)], os.environ, folder, folder)
    try:
        deadline = time.monotonic() + PATIENCE
        while not file.exists():
            assert forked.process.is_alive(), forked.end()
            assert time.monotonic() < deadline, "the server never listened"
            time.sleep(0.005)
        yield file
    finally:
        forked.terminate()


def _to(path: Path, number: int) -> TextIO:
    """Let what is printed to the descriptor go to the file."""
    file = path.open("w", encoding="utf-8", buffering=1)
    os.dup2(file.fileno(), number)
    return file
