"""SIGINT and SIGTERM: they end a run at once while it begins, and before its next request once checks are run.

An exception out of a signal handler may be swallowed where it comes (a callback of the garbage collector), or leave a lock
taken for good (that of the pool of connections). Before a request neither happens, and what was sent is known and can be undone.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class _Stop:
    """How a signal is taken, and whether one waits to be."""

    at_once = True
    waits = False
    late = False


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
    """Take both signals for a KeyboardInterrupt, once: none after the first disturbs the undoing of the run."""
    _Stop.at_once, _Stop.waits, _Stop.late = True, False, False
    for number in SIGNALS:
        signal.signal(number, _stop)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def wait_for_heed() -> None:
    """Let a signal wait, from now on, until it is heeded."""
    _Stop.at_once = False


def heed() -> None:
    """Raise the KeyboardInterrupt that waits, if one does; in the main thread only.

    Raises:
        KeyboardInterrupt: a signal came.

    """
    if _Stop.waits and threading.current_thread() is threading.main_thread():
        _Stop.waits = False
        raise KeyboardInterrupt


def overlook() -> None:
    """Let no signal disturb what follows; that one came is remembered."""
    _Stop.at_once = _Stop.waits = False
    for number in SIGNALS:
        signal.signal(number, _remember)


def ignore() -> None:
    """Let no signal, past or to come, change how the process ends."""
    for number in SIGNALS:  # Python would put the defaults back while it ends
        signal.signal(number, signal.SIG_IGN)
    # A KeyboardInterrupt that left an `exec` (that of a dataclass, say), makes Python kill itself at its end, although it
    # was caught. Only another `exec` forgets it.
    exec("")  # noqa: S102 nothing is carried out


def came_late() -> bool:
    """Whether a signal came after `overlook`."""
    return _Stop.late


def _stop(number: int, frame: FrameType | None) -> None:
    del number, frame
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    if _Stop.at_once:
        raise KeyboardInterrupt
    _Stop.waits = True


def _remember(number: int, frame: FrameType | None) -> None:
    del number, frame
    _Stop.late = True
