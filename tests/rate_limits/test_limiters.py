"""Bursts with each algorithm: how many pass, with and without latency, and the outcome of the checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.checks.rate_limits.limits import (
    check_more_than_the_limit_at_once_meets_429,
    check_requests_within_the_limit_are_served,
)
from conformance.http import Refuted
from conformance.reference.rate_limiter.algorithms import ALGORITHMS, TokenBucket
from conformance.reference.rate_limiter.limiter import Limits
from conformance.reference.steps import wrap
from tests.rate_limits.simulation import NEWEST, Simulation

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.rate_limits.bursts import RateBursts
    from conformance.reference.application import Server

SCOPES = [("generic_get", 10), ("generic_update", 3)]
GCRA = "gcra"  # one request less passes at once

everywhere = pytest.mark.parametrize("latency", [0.0, 0.2])
each_algorithm = pytest.mark.parametrize("algorithm", ALGORITHMS)
each_scope = pytest.mark.parametrize(("scope", "limit"), SCOPES)


def limited(change: Callable[[int], int]) -> Callable[[Server], None]:
    """Return a function that changes each limit of a server."""

    def limit(original: Callable[[str], int], scope: str) -> int:
        return change(original(scope))

    return lambda server: wrap(server.limiter, "limit", limit)


def bursts_with_limits(more: int, algorithm: str, latency: float = 0, **words: Any) -> RateBursts:
    """Return the bursts to a server whose limits are `more` higher than documented."""
    change = limited(lambda limit: limit + more)
    return Simulation.of(
        NEWEST, change, limits=Limits(algorithm), latency=latency, **words
    ).rate_bursts


@each_algorithm
@everywhere
@each_scope
def test_one_too_many(algorithm: str, latency: float, scope: str, limit: int) -> None:
    """One more than the limit is too many when a second burst lets it through as well."""
    rate_bursts = bursts_with_limits(1 + (algorithm == GCRA), algorithm, latency)
    with pytest.raises(Refuted, match=f"expected at most {limit} in .*, got {limit + 1}"):
        check_more_than_the_limit_at_once_meets_429(scope, rate_bursts)
    assert len(rate_bursts.bursts(scope)) == 2


@each_algorithm
@everywhere
@each_scope
def test_exactly_the_limit(algorithm: str, latency: float, scope: str, limit: int) -> None:
    """The limit, or one less, passes and is enough; one burst shows it."""
    rate_bursts = bursts_with_limits(0, algorithm, latency)
    check_more_than_the_limit_at_once_meets_429(scope, rate_bursts)
    check_requests_within_the_limit_are_served(scope, rate_bursts)
    [burst] = rate_bursts.bursts(scope)
    assert len(burst.served) == limit - (algorithm == GCRA)


@each_algorithm
@everywhere
@each_scope
def test_two_too_few(algorithm: str, latency: float, scope: str, limit: int) -> None:
    """Two less than the limit are too few when no more pass of a second burst."""
    rate_bursts = bursts_with_limits(-2 + (algorithm == GCRA), algorithm, latency)
    with pytest.raises(Refuted, match=rf"at least {limit - 1}, got \[{limit - 2}, {limit - 2}\]"):
        check_requests_within_the_limit_are_served(scope, rate_bursts)


@everywhere
def test_pace_of_a_limiter_that_is_one_short(latency: float) -> None:
    """A limit that is one too high shows with GCRA in the follow-up."""
    rate_bursts = bursts_with_limits(1, GCRA, latency)
    with pytest.raises(Refuted, match="got 3, and one more too soon after them"):
        check_more_than_the_limit_at_once_meets_429("generic_update", rate_bursts)


class Quick(TokenBucket):
    """A bucket of half the limit, which is refilled at all of it."""

    def size(self, limit: int) -> int:
        """Return how many tokens there are."""
        return limit // 2


@pytest.mark.parametrize(
    ("scope", "work", "right", "wrong"),
    [
        ("generic_update", 0.0, 3, "3 in .*, got 3, and one more too soon after them"),
        ("generic_update", 0.08, 4, "4 in 420 ms, got 5"),
        ("generic_get", 0.02, 13, "14 in 400 ms, got 17"),
    ],
)
def test_what_comes_back_during_a_burst(scope: str, work: float, right: int, wrong: str) -> None:
    """A bucket that is refilled at the rate of the limit lets more through while a burst lasts; at twice that rate it is too many."""

    def quick(server: Server) -> None:
        limited(lambda limit: limit * 2)(server)
        server.limiter.algorithm = Quick()

    rate_bursts = bursts_with_limits(0, "token-bucket", work=work)
    check_more_than_the_limit_at_once_meets_429(scope, rate_bursts)
    assert len(rate_bursts.burst(scope).served) == right
    with pytest.raises(Refuted, match=f"at most {wrong}"):
        check_more_than_the_limit_at_once_meets_429(
            scope, Simulation.of(NEWEST, quick, work=work).rate_bursts
        )


def test_window_that_turns_within_a_burst() -> None:
    """Wherever a window ends: a burst in two windows is repeated, and not reported."""
    sent = set()
    for tenth in range(10):
        rate_bursts = bursts_with_limits(0, "fixed-window", work=0.01, start=tenth / 10)
        check_more_than_the_limit_at_once_meets_429("generic_get", rate_bursts)
        check_requests_within_the_limit_are_served("generic_get", rate_bursts)
        sent.add(tuple(len(burst.served) for burst in rate_bursts.bursts("generic_get")))
    assert sent == {(10,), (13, 10), (17, 10)}


def test_window_that_turns_hides_nothing() -> None:
    """Wherever a window ends, within the second burst or the first, a violation that both show is found."""
    for tenth in (0, 3, 8):
        rate_bursts = bursts_with_limits(3, "fixed-window", work=0.01, start=tenth / 10)
        with pytest.raises(Refuted, match="expected at most 12 in 210 ms"):
            check_more_than_the_limit_at_once_meets_429("generic_get", rate_bursts)
