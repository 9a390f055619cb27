"""Reference servers with a fault, each in a forked process, which starts faster than a new one.

Forking needs POSIX. All processes share what was imported before the first fork.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import signal
import time
import traceback
from typing import TYPE_CHECKING

from conformance.reference import target_file
from conformance.reference.application import Server
from conformance.reference.faults import find_fault
from conformance.reference.listening import listen, origin, serve_all
from conformance.reference.rate_limiter.limiter import Limits
from conformance.reference.revisions import REVISIONS
from conformance.reference.routing import BASE_PATH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HOST = "127.0.0.1"
NAME = "reference"
STOP_TIMEOUT = 2.0  # seconds from SIGTERM to SIGKILL


@dataclasses.dataclass(frozen=True)
class LimitedInstance:
    """The instance with rate limits: the algorithm of its limiter, and its latency in milliseconds."""

    limiter: str = Limits().algorithm
    latency: int = 0


DEFAULT = LimitedInstance()


@contextlib.contextmanager
def serving(
    revision: str, faults: tuple[str, ...], file: Path, instance: LimitedInstance = DEFAULT
) -> Iterator[str]:
    """Serve one revision with faults, without rate limits and on an instance with them; write the target file of both.

    Yields the base URL of the former.
    """
    servers = [
        _build(revision, faults, limited=limited, instance=instance) for limited in (False, True)
    ]
    sockets = [listen(HOST, 0) for _ in servers]
    urls = [origin(HOST, bound) + BASE_PATH for bound in sockets]
    file.write_text(target_file.text(servers[0], NAME, *urls), encoding="utf-8")
    child = fork(lambda: serve_all(list(zip(servers, sockets, strict=True)), _end_at_once))
    for bound in sockets:
        bound.close()
    try:
        yield urls[0]
    finally:
        stop(child)


def fork(work: Callable[[], object]) -> int:
    """Call a function in a forked process; return its process id. Its exit code is 0, or 1 when the function raised."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except Exception:  # noqa: BLE001 the process ends here
        traceback.print_exc()
    finally:
        os._exit(code)


def stop(child: int) -> None:
    """End a forked process, and wait for its end."""
    os.kill(child, signal.SIGTERM)
    deadline = time.monotonic() + STOP_TIMEOUT
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.002)


def _end_at_once() -> None:
    """Let SIGTERM end this process at once, without the shutdown of the server."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, os._exit, 0)


def _build(
    revision: str, faults: tuple[str, ...], *, limited: bool, instance: LimitedInstance
) -> Server:
    limits = Limits(algorithm=instance.limiter)
    server = Server(limited=limited, revision=REVISIONS[revision], limits=limits)
    server.latency = instance.latency / 1000 if limited else 0.0
    for name in faults:
        find_fault(name).inject(server)
    return server
