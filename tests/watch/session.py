"""A client that sends exactly what it is given."""

from __future__ import annotations

import socket
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

AGENT = "Tests/1.0 (https://tests.example)"


class Session:
    """A client behind a watch, with a member that each series may use; it sends what it is given and nothing else."""

    def __init__(self, base_url: str, token: str) -> None:
        """Take the base URL of the watch, and a token."""
        self.base_url, self.token = base_url, token
        self.http = httpx.Client(timeout=30)

    def __enter__(self) -> Self:
        """Return the session itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close its connections."""
        self.http.close()

    def send(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        """Send one request with token, User-Agent and, for JSON, its label; `headers` come on top."""
        sent = {"user-agent": AGENT, "authorization": self.token, **(headers or {})}
        request = self.http.build_request(
            method, self.base_url + path, json=json, content=content, headers=sent
        )
        return self.http.send(request)

    def member(self) -> str:
        """Create a member; return its UUID."""
        return str(self.send("POST", "/members", {"name": "Ada"}).json()["uuid"])

    def raw(self, *lines: str, body: bytes = b"") -> bytes:
        """Send lines and a body as they are; return what comes back. `HOST` and `TOKEN` stand for those, `BASE` for the path."""
        parts = urlsplit(self.base_url)
        text = "\r\n".join([*lines, "Connection: close", "", ""])
        for word, value in (("HOST", parts.netloc), ("TOKEN", self.token), ("BASE", parts.path)):
            text = text.replace(word, value)
        with socket.create_connection((parts.hostname or "", parts.port or 0), 30) as connection:
            connection.sendall(text.encode() + body)
            received = b""
            while part := connection.recv(65536):
                received += part
        return received
