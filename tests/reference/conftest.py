"""A real server on a real socket, and clients for its callers."""

from __future__ import annotations

import ssl
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import uvicorn

from conformance.reference.application import Server
from conformance.reference.faults import find_fault
from conformance.reference.listening import listen, origin
from conformance.reference.rate_limiter.limiter import USUAL, Limits
from conformance.reference.revisions import NEWEST, REVISIONS
from conformance.reference.upstream import deviate
from tests.driven import DrivenClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from starlette.types import ASGIApp

TLS = ssl.create_default_context()
"""One for all clients: creating one for each would take longer than the tests."""


class Sandbox:
    """A running server with a client for each caller."""

    def __init__(self, server: Server, base_url: str) -> None:
        self.server = server
        self.seeded = server.seeded
        self.base_url = base_url
        self.owner = self.client(server.seeded.first.token)
        self.other = self.client(server.seeded.second.token)
        self.anonymous = self.client(None)

    def client(self, token: str | None) -> httpx.Client:
        """Return a client that sends the token."""
        headers = {"User-Agent": "tests"} | ({"Authorization": token} if token else {})
        return httpx.Client(base_url=self.base_url, headers=headers, trust_env=False, verify=TLS)

    def member(self, **values: object) -> dict[str, Any]:
        """Create a member of the first system."""
        return created(self.owner, "/members", values)

    def group(self, **values: object) -> dict[str, Any]:
        """Create a group of the first system."""
        return created(self.owner, "/groups", values)

    def close(self) -> None:
        """Close the connections."""
        for client in (self.owner, self.other, self.anonymous):
            client.close()


def created(client: httpx.Client, path: str, values: dict[str, object]) -> dict[str, Any]:
    """Return the entity that a POST created."""
    response = client.post(path, json={"name": "Test"} | values)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


@contextmanager
def running(
    *faults: str,
    limited: bool = False,
    revision: str = NEWEST.name,
    deviations: Sequence[str] = (),
    limits: Limits = USUAL,
    filled: bool = False,
) -> Iterator[Sandbox]:
    """Serve in a thread for the time of the block."""
    server = Server(limited=limited, revision=REVISIONS[revision], limits=limits, filled=filled)
    for name in deviations:
        deviate(server, name)
    for name in faults:
        find_fault(name).inject(server)
    with listening_at(server) as base_url:
        sandbox = Sandbox(server, base_url)
        try:
            yield sandbox
        finally:
            sandbox.close()


@contextmanager
def listening_at(application: ASGIApp) -> Iterator[str]:
    """Serve an application in a thread for the time of the block; return the base URL."""
    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        application,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
    )
    listener = uvicorn.Server(config)
    thread = threading.Thread(target=listener.run, args=([listening],), daemon=True)
    thread.start()
    try:
        yield origin("127.0.0.1", listening) + "/v2"
    finally:
        listener.should_exit = True  # the thread ends soon; no test waits for it


@pytest.fixture(scope="session")
def shared() -> Iterator[Sandbox]:
    """One unlimited server for all tests that do not disturb each other."""
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Serve an unlimited server for this test alone."""
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def launched() -> Iterator[Sandbox]:
    """Serve the revision 2021-11 for this test alone."""
    with running(revision="2021-11") as sandbox:
        yield sandbox


@pytest.fixture
def start() -> Callable[..., AbstractContextManager[Sandbox]]:
    """Return a function that starts a server with faults, limits, known deviations or another revision."""
    return running


@pytest.fixture
def clock() -> DrivenClock:
    """Return a clock that stands still until it is moved."""
    return DrivenClock()
