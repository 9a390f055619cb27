"""Ctrl-C and a request to terminate: the first ends the run, which undoes what it did; none after it disturbs that."""

from __future__ import annotations

import contextlib
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    import pytest

SIGNALS = (signal.SIGINT, signal.SIGTERM)

ONE_LINE = "interrupted\n"


class Early:
    """Until a run shows its own progress: one line instead of what pytest says of an interruption."""

    def __init__(self, config: pytest.Config) -> None:
        """Take the configuration that knows pytest's reporter."""
        self._plugins = config.pluginmanager

    def pytest_keyboard_interrupt(self) -> None:
        """Silence the reporter."""
        self._plugins.unregister(name="terminalreporter")
        sys.stderr.write(ONE_LINE)


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Let the signals wait; a process started meanwhile gets them when it listens, and not amid its imports."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def listen() -> None:
    """Take both signals for a KeyboardInterrupt, once."""
    for number in SIGNALS:
        signal.signal(number, _stop)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def _stop(number: int, frame: FrameType | None) -> None:
    del number, frame
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    raise KeyboardInterrupt
