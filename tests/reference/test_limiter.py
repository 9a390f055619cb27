"""Rate limits as clients see them, on a clock that the test moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.reference.rate_limiter.limiter import Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    import httpx

    from tests.driven import DrivenClock
    from tests.reference.conftest import Sandbox

    Start = Callable[..., AbstractContextManager[Sandbox]]


def reported(response: httpx.Response) -> dict[str, str]:
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
    start: Start, clock: DrivenClock, method: str, path: str, scope: str, limit: int
) -> None:
    """N requests at once pass, one more is 429, and after retry_after, not before, one passes again."""
    with start(limited=True, limits=Limits(clock=clock)) as sandbox:
        responses = [sandbox.owner.request(method, path) for _ in range(limit + 1)]
        assert 429 not in [response.status_code for response in responses[:-1]]
        rejected = responses[-1]
        assert rejected.status_code == 429
        assert rejected.json() == {
            "message": "429: too many requests",
            "code": 0,
            "retry_after": 1000,
        }
        clock.sleep(0.999)
        assert sandbox.owner.request(method, path).json()["retry_after"] == 1
        clock.sleep(0.001)
        assert sandbox.owner.request(method, path).status_code != 429
    for number, response in enumerate(responses):
        assert reported(response) == {
            "scope": scope,
            "limit": str(limit),
            "remaining": str(max(0, limit - 1 - number)),
            "reset": str(clock.time_ns() // 1_000_000),
        }


def test_rejected_write_is_not_applied(start: Start, clock: DrivenClock) -> None:
    """A write that is 429 changes nothing."""
    with start(limited=True, limits=Limits(clock=clock)) as sandbox:
        for number in range(4):
            sandbox.owner.patch("/systems/@me", json={"tag": str(number)})
        assert sandbox.owner.get("/systems/@me").json()["tag"] == "2"


def test_without_limits_there_are_no_headers(shared: Sandbox) -> None:
    """A server without limits sends no headers about them."""
    assert reported(shared.owner.get("/systems/@me")) == {}
