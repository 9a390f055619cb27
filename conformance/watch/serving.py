"""The proxy on a socket of this machine, in a thread of its own, so that the main thread gets the signals."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Self

import uvicorn

if TYPE_CHECKING:
    import socket

    from conformance.watch.proxy import Proxy

HOST = "127.0.0.1"
LONGEST_STOP = 3  # seconds in which open requests may still end


class Serving:
    """Serves a proxy for the time of a block."""

    def __init__(self, proxy: Proxy, listening: socket.socket) -> None:
        """Take the proxy, and a socket that listens."""
        self._socket = listening
        config = uvicorn.Config(
            proxy,
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=LONGEST_STOP,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listening],), daemon=True)

    @property
    def origin(self) -> str:
        """The URL of the socket, without a path."""
        return f"http://{HOST}:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        """Start to serve."""
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        """Let open requests end, and stop."""
        self._server.should_exit = True
        self._thread.join()
