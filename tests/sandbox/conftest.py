"""A sandbox on a real socket, and clients for its callers and its control API."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest
import uvicorn

from conformance.reference.application import Server
from conformance.reference.listening import listen, origin
from conformance.sandbox.application import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from conformance.sandbox.saving import Saving

    Start = Callable[..., AbstractContextManager["Running"]]


class Running:
    """A running sandbox: `api` sends as the first system, `other` as the second, `control` to the control API."""

    def __init__(self, sandbox: Sandbox, at: str) -> None:
        self.sandbox, self.origin = sandbox, at
        self.seeded = sandbox.server.seeded
        self.api = self.client(f"{at}/v2", self.seeded.first.token)
        self.other = self.client(f"{at}/v2", self.seeded.second.token)
        self.anonymous = self.client(f"{at}/v2")
        self.control = self.client(f"{at}/_sandbox")

    @staticmethod
    def client(base_url: str, token: str | None = None) -> httpx.Client:
        """Return a client that sends the token."""
        headers = {"User-Agent": "tests"} | ({"Authorization": token} if token else {})
        return httpx.Client(base_url=base_url, headers=headers, trust_env=False, verify=False)  # noqa: S501 loopback, without TLS

    def close(self) -> None:
        """Close the connections."""
        for client in (self.api, self.other, self.anonymous, self.control):
            client.close()


@contextmanager
def running(
    server: Server | None = None, *, is_local: bool = True, saving: Saving | None = None
) -> Iterator[Running]:
    """Serve a sandbox in a thread for the time of the block."""
    application = Sandbox(server or Server(limited=False), is_local=is_local, saving=saving)
    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(application, lifespan="off", ws="none", log_config=None)
    listener = uvicorn.Server(config)
    threading.Thread(target=listener.run, args=([listening],), daemon=True).start()
    started = Running(application, origin("127.0.0.1", listening))
    try:
        yield started
    finally:
        started.close()
        listener.should_exit = True  # the thread ends soon; no test waits for it


@pytest.fixture
def sandbox() -> Iterator[Running]:
    """Serve a sandbox without rate limits for this test alone."""
    with running() as started:
        yield started


@pytest.fixture
def start() -> Start:
    """Return a function that serves a sandbox of a server."""
    return running
