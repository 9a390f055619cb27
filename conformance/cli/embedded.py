"""The embedded reference server, in a process of its own for the time of a run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path

START_TIMEOUT = 20.0  # seconds
STOP_TIMEOUT = 5.0  # seconds from SIGTERM to SIGKILL


class ServerError(RuntimeError):
    """The reference server did not start; the text is one line."""


class ReferenceServer:
    """Serves one revision: an instance without rate limits and one with them. Writes the target file of both."""

    def __init__(self, revision: str, target_file: Path, *options: str) -> None:
        """Take the revision, where the target file goes, and further options of `serve`."""
        self.target_file = target_file
        words = (
            "--revision",
            revision,
            "--port",
            "0",
            "--rate-limit",
            "off",
            "--rate-limit-port",
            "0",
        )
        self._command = [sys.executable, "-m", "conformance", "serve", "--quiet", *words, *options]
        self._command += ["--target-file", str(target_file)]

    def __enter__(self) -> Self:
        """Start it, and wait until it listens."""
        # A session of its own, so that Ctrl-C stops only the run, which undoes its changes before it stops the server.
        self._process = subprocess.Popen(  # noqa: S603 our own interpreter
            self._command,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        try:
            self._wait_until_it_listens()
        except KeyboardInterrupt:  # __exit__ is not called then
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self._stop()

    def _wait_until_it_listens(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while not self.target_file.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise ServerError(self._error_message())
            time.sleep(0.02)

    def _stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.communicate(timeout=STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def _error_message(self) -> str:
        if self._process.poll() is None:
            self._process.kill()
        _, errors = self._process.communicate()
        lines = errors.strip().splitlines() or ["it printed no error"]
        return f"the reference server did not start: {lines[-1].removeprefix('error: ')}"
