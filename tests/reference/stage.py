"""One socket behind which servers take turns, and the requests of a series, sent one after the other."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx

from conformance.reference.application import Server
from conformance.reference.rate_limiter.limiter import Limits
from conformance.reference.revisions import REVISIONS
from conformance.reference.upstream import deviate
from tests.driven import DrivenClock
from tests.reference.arrangements import Arrangement
from tests.reference.conftest import TLS, listening_at
from tests.reference.responses import body_of, faults_of, value_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from starlette.types import Receive, Scope, Send

    from tests.reference.upstream_items import Series

_PATHS_BESIDE = "../"


class Stage:
    """The socket; the server behind it is a new one for each series."""

    def __init__(self) -> None:
        self.server = Server()
        self.base_url = ""
        self.client = httpx.Client(trust_env=False, verify=TLS)
        del self.client.headers["User-Agent"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the present server respond."""
        await self.server(scope, receive, send)

    def play(
        self, one: Series, side: str, revision: str, deviations: Sequence[str] = ()
    ) -> list[str]:
        """Send the requests of a series to a new server; return in what responses differ from what one side says."""
        clock = DrivenClock()
        self.server = Server(
            limited=one.limited, revision=REVISIONS[revision], limits=Limits(clock=clock)
        )
        for name in deviations:
            deviate(self.server, name)
        self.server.seeded.first.settings.fields.update(one.settings)
        arrangement = Arrangement(self.server, self._create)
        found = []
        for step in one.steps:
            clock.sleep(step.get("wait", 0))
            wanted = step.get(side, step["returns"])
            for _ in range(step.get("times", 1)):
                response = self._send(step, arrangement)
                wrong = [] if wanted == "any" else faults_of(response, arrangement.fill(wanted))
                found += [f"{step['send']} -> {fault} [{response.text[:200]}]" for fault in wrong]
            for name, path in step.get("keep", {}).items():
                arrangement.keep(name, value_at(body_of(response), path))
        return found

    def _create(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = self._headers("owner") | {"Content-Type": b"application/json"}
        response = self._request("POST", path, headers, json.dumps(body).encode())
        assert response.is_success, response.text
        created: dict[str, Any] = response.json()
        return created

    def _send(self, step: dict[str, Any], arrangement: Arrangement) -> httpx.Response:
        method, _, path = step["send"].partition(" ")
        headers = self._headers(step.get("as", "owner"))
        content = None
        if "json" in step:
            content = json.dumps(arrangement.fill(step["json"])).encode()
        elif "text" in step:
            content = str(arrangement.fill(step["text"])).encode(step.get("encoding", "utf-8"))
        if content is not None:
            headers["Content-Type"] = b"application/json"
        for name, value in step.get("headers", {}).items():
            headers.pop(name, None)
            if value is not None:
                headers[name] = str(arrangement.fill(value)).encode()
        return self._request(method, arrangement.fill(path), headers, content)

    def _request(
        self, method: str, path: str, headers: dict[str, bytes], content: bytes | None
    ) -> httpx.Response:
        beside = path.startswith(_PATHS_BESIDE)
        origin = self.base_url.removesuffix("/v2")
        url = origin + path.removeprefix("..") if beside else self.base_url + path
        named = [(name.encode(), value) for name, value in headers.items()]
        return self.client.request(method, url, content=content, headers=named)

    def _headers(self, caller: str) -> dict[str, bytes]:
        seeded = self.server.seeded
        tokens = {"owner": seeded.first.token, "other": seeded.second.token}
        token = {"Authorization": tokens[caller].encode()} if caller in tokens else {}
        return {"User-Agent": b"tests"} | token


@contextmanager
def open_stage() -> Iterator[Stage]:
    """Serve what takes its turn for the time of the block."""
    stage = Stage()
    with listening_at(stage) as base_url, stage.client:
        stage.base_url = base_url
        yield stage
