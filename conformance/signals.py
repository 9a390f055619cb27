"""SIGINT and SIGTERM: they raise KeyboardInterrupt at once until checks run, and from then on before the next request.

An exception that a signal handler raises may be swallowed where it is raised (in a callback of the garbage collector), or leave
a lock acquired for good (that of the connection pool). Before a request neither happens, and all that was sent is known, so
that it can be undone.
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


class _State:
    """What a signal does, and which came."""

    raises_at_once = True
    is_pending = False  # a KeyboardInterrupt is to be raised before the next request
    came_during_cleanup = False


@contextlib.contextmanager
def blocked() -> Iterator[None]:
    """Block the signals; a process that is started meanwhile gets them after `install_handlers`, not during its imports."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def install_handlers() -> None:
    """Let the first signal raise KeyboardInterrupt; those after it are ignored, so that they do not disturb the clean-up."""
    _State.raises_at_once = True
    _State.is_pending = _State.came_during_cleanup = False
    for number in SIGNALS:
        signal.signal(number, _interrupt)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def defer() -> None:
    """Let a signal, from now on, raise nothing before `raise_pending`."""
    _State.raises_at_once = False


def raise_pending() -> None:
    """Raise the KeyboardInterrupt that was deferred, if one was; in the main thread only.

    Raises:
        KeyboardInterrupt: a signal came.

    """
    if _State.is_pending and threading.current_thread() is threading.main_thread():
        _State.is_pending = False
        raise KeyboardInterrupt


def begin_cleanup() -> None:
    """Let no signal interrupt the clean-up that follows; `came_during_cleanup` says whether one came."""
    _State.raises_at_once = _State.is_pending = False
    for number in SIGNALS:
        signal.signal(number, _remember)


def came_during_cleanup() -> bool:
    """Whether a signal came after `begin_cleanup`."""
    return _State.came_during_cleanup


def ignore() -> None:
    """Let no signal, past or future, change how the process ends."""
    for number in SIGNALS:  # Python would restore the defaults while it ends
        signal.signal(number, signal.SIG_IGN)
    # A KeyboardInterrupt that left an `exec` (that of a dataclass, say) makes Python kill itself at its end, although it
    # was caught. Only another `exec` resets that.
    exec("")  # noqa: S102 an empty program


def _interrupt(number: int, frame: FrameType | None) -> None:
    del number, frame
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    if _State.raises_at_once:
        raise KeyboardInterrupt
    _State.is_pending = True


def _remember(number: int, frame: FrameType | None) -> None:
    del number, frame
    _State.came_during_cleanup = True
