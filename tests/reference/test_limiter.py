"""Rate limits."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    import httpx

    from tests.reference.conftest import Sandbox

    Start = Callable[..., AbstractContextManager[Sandbox]]

HEADERS = {"limit", "remaining", "reset", "scope"}


def told(response: httpx.Response) -> dict[str, str]:
    """Return the rate limit headers by the last part of their names."""
    prefix = "x-ratelimit-"
    return {
        key.removeprefix(prefix): value
        for key, value in response.headers.items()
        if key.startswith(prefix)
    }


@pytest.mark.parametrize(
    ("method", "path", "scope", "limit"),
    [
        ("GET", "/systems/@me", "generic_get", 10),
        ("GET", "/messages/1", "message", 10),
        ("PATCH", "/systems/@me", "generic_update", 3),
    ],
)
def test_exactly_the_limit_passes(
    start: Start, method: str, path: str, scope: str, limit: int
) -> None:
    """N requests at once pass, one more is 429, and after retry_after it goes on."""
    with start(limited=True) as sandbox:
        responses = [sandbox.owner.request(method, path) for _ in range(limit + 1)]
        assert 429 not in [response.status_code for response in responses[:-1]]
        refused = responses[-1]
        assert refused.status_code == 429
        assert refused.json()["message"] == "429: too many requests"
        assert refused.json()["code"] == 0
        time.sleep(refused.json()["retry_after"] / 1000)
        assert sandbox.owner.request(method, path).status_code != 429
    for number, response in enumerate(responses):
        headers = told(response)
        assert set(headers) == HEADERS
        assert (headers["scope"], headers["limit"]) == (scope, str(limit))
        assert headers["remaining"] == str(max(0, limit - 1 - number))
        assert 0 <= int(headers["reset"]) - time.time() * 1000 + 5000 <= 7000


def test_refused_write_is_not_applied(start: Start) -> None:
    """A write that is 429 changes nothing."""
    with start(limited=True) as sandbox:
        for number in range(4):
            sandbox.owner.patch("/systems/@me", json={"tag": str(number)})
        assert sandbox.owner.get("/systems/@me").json()["tag"] == "2"


def test_without_limits_there_are_no_headers(shared: Sandbox) -> None:
    """A server that does not limit says nothing about limits."""
    assert told(shared.owner.get("/systems/@me")) == {}
