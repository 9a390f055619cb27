"""The one limit of the launch: at its edges, with each algorithm, and every fault that a check is made for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.checks.rate_limits import launch
from conformance.checks.rate_limits.launch import (
    check_429_has_an_error_body,
    check_all_requests_of_an_address_share_one_limit,
    check_more_than_the_limit_meets_429,
    check_steady_pace_is_never_rejected,
)
from conformance.http import Inconclusive, Refuted
from conformance.reference.rate_limiter.algorithms import ALGORITHMS
from conformance.reference.rate_limiter.limiter import Limits
from conformance.reference.steps import wrap
from tests.rate_limits.simulation import (
    FAILED,
    LAUNCH,
    PASSED,
    Simulation,
    faults_of,
    finds,
    outcome,
    violated,
)

if TYPE_CHECKING:
    from conformance.reference.application import Server

PER_ADDRESS = "rate-limit-2-per-second-per-ip"
EXCEEDED = "rate-limit-exceeded-429-a"
BODY = "rate-limit-error-body-a"

each_algorithm = pytest.mark.parametrize("algorithm", ALGORITHMS)
everywhere = pytest.mark.parametrize("latency", [0.0, 0.05, 0.2])


@each_algorithm
@pytest.mark.parametrize("fault", faults_of(launch, LAUNCH))
def test_fault_is_found(fault: str, algorithm: str) -> None:
    """With each algorithm, a check of a requirement that the fault violates finds the violation."""
    assert finds(launch, LAUNCH, fault, limits=Limits(algorithm))


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("limits_by_token", {PER_ADDRESS}),
        ("never_limits", {PER_ADDRESS, EXCEEDED}),
        ("returns_429_as_html", {BODY}),
        ("omits_retry_after", {BODY}),
        ("omits_code_of_429", {BODY}),
        ("reports_retry_after_of_a_tenth", {BODY}),
        ("applies_rejected_writes", {EXCEEDED}),
        ("returns_503_for_429", {EXCEEDED}),
    ],
)
def test_fault_is_found_for_the_right_reason(fault: str, named: set[str]) -> None:
    """No other requirement is found violated."""
    assert violated(Simulation.of(LAUNCH, fault), launch) == named


@everywhere
@each_algorithm
@pytest.mark.parametrize("start", [0.0, 0.25, 0.5, 0.75, 0.97])
def test_nothing_is_found_broken(algorithm: str, latency: float, start: float) -> None:
    """The documented limit passes with each algorithm, with and without latency, wherever a window ends."""
    simulation = Simulation.of(LAUNCH, limits=Limits(algorithm), latency=latency, start=start)
    assert {results.outcome for results in simulation.run_checks(launch)} == {PASSED}


@pytest.mark.parametrize(
    ("limit", "algorithm", "message"),
    [
        (3, "sliding-window", r"expected 1 to 2, got \[3, 3\]$"),
        (3, "gcra", r"expected 1 to 2, got \[2, 2\], and one more too soon after them"),
        (5, "gcra", r"expected 1 to 2, got \[4, 4\]"),
    ],
)
def test_one_too_many(limit: int, algorithm: str, message: str) -> None:
    """A limit that is one too high shows in a burst, or in the follow-up."""

    def change(server: Server) -> None:
        wrap(server.limiter, "limit", lambda _original, _scope: limit)

    simulation = Simulation.of(LAUNCH, change, limits=Limits(algorithm))
    with pytest.raises(Refuted, match=message):
        check_all_requests_of_an_address_share_one_limit(simulation.launch_bursts)


def test_too_slow_for_a_burst() -> None:
    """A server that takes 400 ms for each request cannot be distinguished from one that keeps its limit."""
    launch = Simulation.of(LAUNCH, work=0.4).launch_bursts
    for check in (
        check_all_requests_of_an_address_share_one_limit,
        check_more_than_the_limit_meets_429,
    ):
        with pytest.raises(Inconclusive, match="too slowly for a burst: 3 requests a second"):
            check(launch)


def test_other_response_than_429() -> None:
    """A request beyond the limit returns nothing else than 429."""

    def reject(server: Server) -> None:
        wrap(server.errors, "status", lambda _original, _rejected: 400)

    with pytest.raises(Refuted, match="expected status 200 or 429, got status 400"):
        check_more_than_the_limit_meets_429(Simulation.of(LAUNCH, reject).launch_bursts)


@pytest.mark.parametrize(
    ("wait", "verdict"),
    [(1, PASSED), (5000, PASSED), (0, FAILED), (-1, FAILED), (0.5, FAILED), (True, FAILED)],
)
def test_wait_is_whole_milliseconds(wait: object, verdict: str) -> None:
    """A wait is a positive integer."""

    def ask(server: Server) -> None:
        wrap(server.limiter, "retry_after", lambda _original, _wait: wait)

    assert verdict == outcome(check_429_has_an_error_body, Simulation.of(LAUNCH, ask).launch_bursts)


def test_limit_was_just_used() -> None:
    """Where the limit was used before, the first read is sent again when it has recovered."""
    simulation = Simulation.of(LAUNCH)
    for _ in range(2):
        assert simulation.server.limiter.take("everything", "127.0.0.1").granted
    began = simulation.clock.time()
    check_all_requests_of_an_address_share_one_limit(simulation.launch_bursts)
    check_steady_pace_is_never_rejected(simulation.launch_bursts)
    assert simulation.launch_bursts.system_read.ok
    assert simulation.launch_bursts.system_read.sent - began == pytest.approx(1.1)


def test_limit_that_does_not_come_back() -> None:
    """Where the first read is rejected each time there is nothing to compare with, and no check of a burst has a verdict."""
    simulation = Simulation.of(LAUNCH, "never_recovers")
    for _ in range(3):
        simulation.server.limiter.take("everything", "127.0.0.1")
    burst = [one for one in simulation.run_checks(launch) if "steady" not in one.name]
    assert {results.outcome for results in burst} == {"PreconditionFailed"}
