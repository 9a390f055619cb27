"""Sockets and event loop: applications served over HTTP until a signal comes, or for the time of a block."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import threading
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from starlette.types import ASGIApp


def listen(host: str, port: int) -> socket.socket:
    """Return a listening TCP socket; port 0 takes a free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def origin(host: str, listening: socket.socket) -> str:
    """Return the URL of a listening socket without a path."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listening.getsockname()[1]}"


def serve_all(served: Sequence[tuple[ASGIApp, socket.socket]], ready: Callable[[], None]) -> None:
    """Serve each application on its socket; call ``ready`` once all of them accept requests."""
    listeners = [_Listener(application, bound) for application, bound in served]
    factory = listeners[0].config.get_loop_factory()
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(_run(listeners, ready))


@contextlib.contextmanager
def serve_in_thread(application: ASGIApp, listening: socket.socket) -> Iterator[None]:
    """Serve an application from a thread for the time of the block."""
    accepting = threading.Event()
    listener = _Listener(application, listening)

    async def serve() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(listener.serve_bound())
            await listener.accepting.wait()
            accepting.set()

    def run() -> None:
        with asyncio.Runner(loop_factory=listener.config.get_loop_factory()) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run, name="sandbox", daemon=True)
    thread.start()
    accepting.wait()
    try:
        yield
    finally:
        listener.should_exit = True
        thread.join()


def preload(application: ASGIApp) -> None:
    """Import what uvicorn imports late, for all servers that are forked after that."""
    config = _config(application)
    config.load()
    config.get_loop_factory()


def _config(application: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # otherwise any client on this machine could make up its address
        timeout_graceful_shutdown=1,
    )


class _Listener(uvicorn.Server):
    """One application on one socket; signals are handled for all of them together."""

    def __init__(self, application: ASGIApp, bound: socket.socket) -> None:
        super().__init__(_config(application))
        self._bound = bound
        self.accepting = asyncio.Event()

    async def serve_bound(self) -> None:
        """Serve until asked to stop."""
        await self.serve(sockets=[self._bound])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and set `accepting` once requests are served."""
        await super().startup(sockets)
        self.accepting.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


async def _run(listeners: list[_Listener], ready: Callable[[], None]) -> None:
    def stop() -> None:
        for listener in listeners:
            listener.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    async with asyncio.TaskGroup() as group:
        for listener in listeners:
            group.create_task(listener.serve_bound())
        for listener in listeners:
            await listener.accepting.wait()
        ready()
