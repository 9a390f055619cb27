"""A client of PluralKit's API: your own one takes its place."""

from __future__ import annotations

import time
from typing import Any

import httpx


class Client:
    """Creates and reads members."""

    def __init__(self, base_url: str, token: str) -> None:
        headers = {"Authorization": token, "User-Agent": "example (https://example.com)"}
        self._http = httpx.Client(base_url=base_url, headers=headers)

    def create_member(self, name: str) -> dict[str, Any]:
        """Create a member of the client's system."""
        return self._send("POST", "/members", {"name": name})

    def member(self, ref: str) -> dict[str, Any]:
        """Read a member."""
        return self._send("GET", f"/members/{ref}")

    def _send(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        response = self._http.request(method, path, json=body)
        while response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            time.sleep(response.json()["retry_after"] / 1000)
            response = self._http.request(method, path, json=body)
        value: dict[str, Any] = response.raise_for_status().json()
        return value
