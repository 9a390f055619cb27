"""The four algorithms, on a clock that a test moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.reference.rate_limiter.algorithms import ALGORITHMS, SECOND_NS, Count
from conformance.reference.rate_limiter.limiter import Limiter, Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.driven import DrivenClock
    from tests.reference.conftest import Sandbox

    Start = Callable[..., AbstractContextManager[Sandbox]]

KEY = ("scope", "client")
LIMITS = (10, 3, 2)


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("name", ALGORITHMS)
def test_burst_and_recovery(name: str, limit: int) -> None:
    """The limit passes at once (GCRA: one less), no more; after the wait that is reported one more passes."""
    algorithm = ALGORITHMS[name]()
    reported = [algorithm.count(KEY, limit, 5 * SECOND_NS) for _ in range(2 * limit)]
    passing = limit - 1 if name == "gcra" else limit
    assert [count.granted for count in reported] == [True] * passing + [False] * (
        2 * limit - passing
    )
    assert [count.remaining for count in reported[:passing]] == list(range(passing - 1, -1, -1))
    assert {count.next for count in reported[:passing]} == {0}
    wait = reported[-1].next
    assert 0 < wait <= SECOND_NS
    assert not algorithm.count(KEY, limit, 5 * SECOND_NS + wait - 1).granted
    assert algorithm.count(KEY, limit, 5 * SECOND_NS + wait).granted


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("name", ALGORITHMS)
def test_steady_pace_at_the_limit(name: str, limit: int) -> None:
    """Evenly spaced requests at the limit are never rejected, and keys do not share."""
    algorithm = ALGORITHMS[name]()
    spacing = -(-SECOND_NS // limit)
    for number in range(5 * limit):
        assert algorithm.count(KEY, limit, number * spacing).granted
        assert algorithm.count(("scope", "other"), limit, number * spacing).granted


def test_fixed_window_passes_twice_the_limit_around_its_end() -> None:
    """The budget is full again with the next second, even right after it was used up."""
    window = ALGORITHMS["fixed-window"]()

    def burst(at: int) -> list[Count]:
        return [window.count(KEY, 3, at) for _ in range(4)]

    for at in (SECOND_NS - 1, SECOND_NS):
        assert [count.granted for count in burst(at)] == [True, True, True, False]


@pytest.mark.parametrize(
    ("by", "separate"), [("ip", False), ("token", True), ("system", True)], ids=str
)
def test_who_shares_a_budget(start: Start, clock: DrivenClock, by: str, *, separate: bool) -> None:
    """By address all share a budget; by token or system each has its own."""
    with start(limited=True, limits=Limits(by=by, clock=clock)) as sandbox:
        for _ in range(10):
            sandbox.owner.get("/systems/@me")
        assert sandbox.owner.get("/systems/@me").status_code == 429
        assert (sandbox.other.get("/systems/@me").status_code == 200) == separate


@pytest.mark.parametrize("trusted", [False, True])
def test_forwarded_for_counts_behind_a_proxy(
    start: Start, clock: DrivenClock, *, trusted: bool
) -> None:
    """The header of proxies names the caller only behind one."""
    limits = Limits(trust_forwarded_for=trusted, clock=clock)
    with start(limited=True, limits=limits) as sandbox:
        responses = [
            sandbox.owner.get("/systems/@me", headers={"X-Forwarded-For": f"10.1.1.1, 10.0.0.{n}"})
            for n in range(11)
        ]
        assert (responses[-1].status_code == 200) == trusted


def test_fast_clock(clock: DrivenClock) -> None:
    """A limiter whose clock runs a hundred times as fast reports waits that are as much shorter, and keeps them."""
    limiter = Limiter(Limits(speed=100, clock=clock))
    reported = [limiter.take("generic_update", "client") for _ in range(4)]
    assert [allowance.granted for allowance in reported] == [True, True, True, False]
    assert reported[-1].retry_after == 10
    assert reported[-1].reset == clock.time_ns() // 1_000_000 + 10
    clock.sleep(0.0099)
    assert not limiter.take("generic_update", "client").granted
    clock.sleep(0.0001)
    assert limiter.take("generic_update", "client").granted


@pytest.mark.parametrize(("units", "unit"), [("docs", 1_000_000), ("upstream", SECOND_NS)])
def test_reset_in_either_unit(clock: DrivenClock, units: str, unit: int) -> None:
    """The instant at which the budget is full again is reported in milliseconds, or in seconds as upstream does."""
    limiter = Limiter(Limits(units=units, clock=clock))
    clock.sleep(0.75)
    assert limiter.take("message", "client").reset == (clock.ns + SECOND_NS) // unit


@pytest.mark.parametrize(
    ("name", "granted", "full", "following"),
    [
        ("sliding-window", False, 1000, 600),
        ("fixed-window", False, 1000, 600),
        ("token-bucket", True, 1333, 0),
        ("gcra", True, 999, 0),
    ],
)
def test_reset_and_wait(
    clock: DrivenClock, name: str, full: int, following: int, *, granted: bool
) -> None:
    """After three at once and one 400 ms later: when the budget is full, and milliseconds until one more passes."""
    limiter = Limiter(Limits(algorithm=name, clock=clock))
    began = clock.time_ns() // 1_000_000
    for _ in range(3):
        limiter.take("generic_update", "client")
    clock.sleep(0.4)
    reported = limiter.take("generic_update", "client")
    assert (reported.granted, reported.reset - began, reported.retry_after) == (
        granted,
        full,
        following,
    )
