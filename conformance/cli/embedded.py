"""The embedded reference server, as a process of its own that lives as long as a run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE = 20.0  # seconds until it must listen


class ServerError(RuntimeError):
    """The reference server did not start; the text is one line."""


class ReferenceServer:
    """Serves one revision without limits, and beside it an instance that keeps them. Writes the target file of both."""

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
        # A session of its own, so that Ctrl-C reaches the run first and the run can still undo things.
        self._process = subprocess.Popen(  # noqa: S603 our own interpreter
            self._command,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        try:
            self._wait_until_it_listens()
        except KeyboardInterrupt:  # nobody else would ever stop it
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self._stop()

    def _wait_until_it_listens(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self.target_file.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise ServerError(self._last_words())
            time.sleep(0.02)

    def _stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def _last_words(self) -> str:
        if self._process.poll() is None:
            self._process.kill()
        _, errors = self._process.communicate()
        lines = errors.strip().splitlines() or ["it said nothing"]
        return f"the reference server did not start: {lines[-1].removeprefix('error: ')}"
