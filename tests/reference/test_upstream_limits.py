"""Rate limits as PluralKit production applies them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.reference.rate_limiter.limiter import Limiter, Limits
from conformance.reference.upstream import deviations_of
from conformance.reference.upstream.continuous import Continuous

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.driven import DrivenClock
    from tests.reference.conftest import Sandbox

    Start = Callable[..., AbstractContextManager[Sandbox]]
    Take = Callable[[str], tuple[bool, int, int]]

UPSTREAM = deviations_of("2025-08")


@pytest.fixture
def take(clock: DrivenClock) -> Take:
    """Return a function that sends a request: whether it is granted, what remains, and the wait."""
    limiter = Limiter(Limits(clock=clock))
    limiter.algorithm = Continuous()

    def one(scope: str) -> tuple[bool, int, int]:
        reported = limiter.take(scope, "client")
        return reported.granted, reported.remaining, reported.retry_after

    return one


@pytest.mark.parametrize(
    ("scope", "limit", "wait"), [("generic_get", 10, 100), ("generic_update", 3, 334)]
)
def test_burst_is_one_smaller_than_the_limit(take: Take, scope: str, limit: int, wait: int) -> None:
    """The last unit is rejected with retry_after 0, what comes after it has to wait."""
    reported = [take(scope) for _ in range(limit + 2)]
    assert reported[: limit - 1] == [(True, left, 0) for left in range(limit - 1, 0, -1)]
    assert reported[limit - 1] == (False, 0, 0)
    assert reported[limit:] == [(False, 0, wait)] * 2


def test_rejected_requests_use_budget_up(take: Take, clock: DrivenClock) -> None:
    """Waiting as long as retry_after says is too short, since the last unit is rejected again."""
    for _ in range(11):
        take("generic_get")
    clock.sleep(0.1)
    assert take("generic_get") == (False, 0, 0)
    clock.sleep(0.2)
    assert take("generic_get") == (True, 1, 0)


@pytest.mark.parametrize(("pace", "rejected"), [(0.1, range(1)), (0.091, range(80, 120))])
def test_steady_pace(take: Take, clock: DrivenClock, pace: float, rejected: range) -> None:
    """A pace at the limit passes for ever; a little above it, half of the first 200 is rejected."""
    granted = []
    for _ in range(200):
        granted.append(take("generic_get")[0])
        clock.sleep(pace)
    assert granted.count(False) in rejected


def test_headers_and_body_of_upstream(start: Start, clock: DrivenClock) -> None:
    """Reset counts seconds, own requests have scopes of their own, the body the generic one."""
    limits = Limits(clock=clock)
    with start(limited=True, deviations=UPSTREAM, limits=limits) as sandbox:
        responses = [sandbox.owner.patch("/systems/@me", json={"tag": "x"}) for _ in range(3)]
        shared = sandbox.anonymous.get("/messages/1")
        posted = sandbox.owner.post("/members", json={"name": "A"})
        head = sandbox.anonymous.head(f"/systems/{sandbox.seeded.second.short_id}")
    assert [response.status_code for response in responses] == [200, 200, 429]
    assert responses[0].headers["X-RateLimit-Scope"] == "own_system_update"
    resets = [response.headers["X-RateLimit-Reset"] for response in responses]
    assert resets == [f"{clock.time():.0f}"] * 3
    assert responses[-1].json()["scope"] == "generic_update"
    assert responses[-1].json()["retry_after"] == 0
    assert shared.headers["X-RateLimit-Scope"] == "generic_get"
    assert posted.headers["X-RateLimit-Scope"] == "generic_update"
    assert head.headers["X-RateLimit-Scope"] == "generic_update"


@pytest.mark.parametrize("path", ["/systems/@me", "/members/zzzzzz", "/nothing"])
def test_early_responses_are_not_counted(start: Start, path: str) -> None:
    """401 and 404 of the path come before the limiter."""
    with start(limited=True, deviations=UPSTREAM) as sandbox:
        assert "X-RateLimit-Limit" not in sandbox.anonymous.get(path).headers


def test_nothing_was_limited_at_the_launch(start: Start) -> None:
    """The limit of the docs of 2021-11 was not there."""
    deviations = ["limits_no_rates"]
    with start(limited=True, revision="2021-11", deviations=deviations) as sandbox:
        assert all(sandbox.owner.get("/systems/@me").is_success for _ in range(5))
