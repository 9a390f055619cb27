"""Rate limits as upstream's server applies them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.reference.limiter import Limiter
from conformance.reference.upstream import departures_of
from conformance.reference.upstream.continuous import Continuous

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.reference.conftest import Sandbox

    Start = Callable[..., AbstractContextManager[Sandbox]]

UPSTREAM = departures_of("2025-08")
MS = 1_000_000


class Clock:
    """A limiter on a clock that stands still."""

    def __init__(self) -> None:
        self.limiter = Limiter()
        self.limiter.algorithm = Continuous()
        self.time = 0
        setattr(self.limiter, "now", lambda: self.time)  # noqa: B010 - a method for a method

    def take(self, scope: str) -> tuple[bool, int, int]:
        """Return whether a request is granted, what is left, and when to come again."""
        told = self.limiter.take(scope, "client")
        return told.granted, told.remaining, told.retry_after


@pytest.mark.parametrize(
    ("scope", "limit", "wait"), [("generic_get", 10, 100), ("generic_update", 3, 334)]
)
def test_burst_is_one_smaller_than_the_limit(scope: str, limit: int, wait: int) -> None:
    """The last unit is refused with retry_after 0, what comes after it has to wait."""
    clock = Clock()
    told = [clock.take(scope) for _ in range(limit + 2)]
    assert told[: limit - 1] == [(True, left, 0) for left in range(limit - 1, 0, -1)]
    assert told[limit - 1] == (False, 0, 0)
    assert told[limit:] == [(False, 0, wait)] * 2


def test_refused_requests_use_budget_up() -> None:
    """Waiting as long as retry_after says is too short, since the last unit is refused again."""
    clock = Clock()
    for _ in range(11):
        clock.take("generic_get")
    clock.time += 100 * MS
    assert clock.take("generic_get") == (False, 0, 0)
    clock.time += 200 * MS
    assert clock.take("generic_get") == (True, 1, 0)


@pytest.mark.parametrize(("pace", "refused"), [(100, range(1)), (91, range(80, 120))])
def test_steady_pace(pace: int, refused: range) -> None:
    """A pace at the limit passes for ever; a little above it, half of the first 200 is refused."""
    clock = Clock()
    granted = []
    for _ in range(200):
        granted.append(clock.take("generic_get")[0])
        clock.time += pace * MS
    assert granted.count(False) in refused


def test_headers_and_body_of_upstream(start: Start) -> None:
    """Reset counts seconds, own requests have scopes of their own, the body the generic one."""
    with start(limited=True, departures=UPSTREAM) as sandbox:
        responses = [sandbox.owner.patch("/systems/@me", json={"tag": "x"}) for _ in range(3)]
        shared = sandbox.anonymous.get("/messages/1")
        posted = sandbox.owner.post("/members", json={"name": "A"})
        head = sandbox.anonymous.head(f"/systems/{sandbox.seeded.second.short_id}")
    assert [response.status_code for response in responses] == [200, 200, 429]
    assert responses[0].headers["X-RateLimit-Scope"] == "own_system_update"
    assert len(responses[0].headers["X-RateLimit-Reset"]) == 10
    assert responses[-1].json()["scope"] == "generic_update"
    assert responses[-1].json()["retry_after"] == 0
    assert shared.headers["X-RateLimit-Scope"] == "generic_get"
    assert posted.headers["X-RateLimit-Scope"] == "generic_update"
    assert head.headers["X-RateLimit-Scope"] == "generic_update"


@pytest.mark.parametrize("path", ["/systems/@me", "/members/zzzzzz", "/nothing"])
def test_early_answers_are_not_counted(start: Start, path: str) -> None:
    """401 and 404 of the path come before the limiter."""
    with start(limited=True, departures=UPSTREAM) as sandbox:
        assert "X-RateLimit-Limit" not in sandbox.anonymous.get(path).headers


def test_nothing_was_limited_at_the_launch(start: Start) -> None:
    """The limit of the docs of 2021-11 was not there."""
    departures = ["limits_no_rates"]
    with start(limited=True, revision="2021-11", departures=departures) as sandbox:
        assert all(sandbox.owner.get("/systems/@me").is_success for _ in range(5))
