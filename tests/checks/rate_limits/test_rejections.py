"""Rejections of a limiter: how long to wait, in which unit, and every fault that a check is made for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.checks.rate_limits import limits, rejections
from conformance.checks.rate_limits.rejections import (
    check_429_says_how_long_to_wait,
    check_limit_recovers,
    check_wait_that_is_asked_for_is_enough,
    rejected_as_upstream,
)
from conformance.http import Refuted
from conformance.rate_limits.counts import Burst
from conformance.reference.rate_limiter.algorithms import ALGORITHMS
from conformance.reference.rate_limiter.limiter import Limits
from conformance.reference.steps import wrap
from conformance.reference.upstream import deviate
from tests.rate_limits.exchanges import rejected, response
from tests.rate_limits.simulation import (
    FAILED,
    NEWEST,
    PASSED,
    WARNED,
    Simulation,
    faults_of,
    finds,
    outcome,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.rate_limits.bursts import RateBursts
    from conformance.reference.application import Server

READS, WRITES = "generic_get", "generic_update"
ENOUGH = "check_wait_that_is_asked_for_is_enough"
# What lets too much or too little through violates no requirement about rejections.
AMOUNTS = set(faults_of(limits, NEWEST))


def asking(wait: Callable[[int], object], latency: float = 0) -> RateBursts:
    """Return the bursts to a server that asks for another wait than the milliseconds that are needed."""

    def ask(server: Server) -> None:
        wrap(server.limiter, "retry_after", lambda original, ns: wait(original(ns)))

    return Simulation.of(NEWEST, ask, latency=latency).rate_bursts


@pytest.mark.parametrize("fault", sorted(set(faults_of(rejections, NEWEST)) - AMOUNTS))
def test_fault_is_found(fault: str) -> None:
    """A check of a requirement that the fault violates finds the violation."""
    assert finds(rejections, NEWEST, fault)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_true_rejections(algorithm: str) -> None:
    """The waits of each algorithm pass, with a latency of 200 ms; a window that ended shows nothing of its waits."""
    simulation = Simulation.of(NEWEST, limits=Limits(algorithm), latency=0.2)
    others = [results for results in simulation.run_checks(rejections) if results.outcome != PASSED]
    assert not [results for results in others if results.outcome != "NotApplicable"]
    assert {results.name for results in others} <= {f"{ENOUGH}[{READS}]", f"{ENOUGH}[message]"}


@pytest.mark.parametrize(
    ("wait", "verdict"),
    [
        (0, PASSED),
        (1000, PASSED),
        (1001, FAILED),
        (-1, FAILED),
        (0.5, FAILED),
        ("500", FAILED),
        (True, FAILED),
        (None, FAILED),
    ],
)
def test_whole_milliseconds(wait: object, verdict: str) -> None:
    """A wait is an integer from 0 to 1000."""
    assert verdict == outcome(check_429_says_how_long_to_wait, READS, asking(lambda _: wait))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(
    ("less", "verdict"), [(0, PASSED), (9, PASSED), (11, FAILED), (60, FAILED)]
)
def test_wait_that_is_too_short(algorithm: str, less: int, verdict: str) -> None:
    """The request is sent 10 ms after the wait: a wait that is too short by more is found, with each algorithm."""

    def ask(server: Server) -> None:
        wrap(server.limiter, "retry_after", lambda original, ns: max(0, original(ns) - less))

    rate_bursts = Simulation.of(NEWEST, ask, limits=Limits(algorithm)).rate_bursts
    assert verdict == outcome(check_wait_that_is_asked_for_is_enough, WRITES, rate_bursts)


@pytest.mark.parametrize("latency", [0.0, 0.2])
def test_seconds_instead_of_milliseconds(latency: float) -> None:
    """A wait of 1 that means a second is over at once; the request after it, or the follow-up, is rejected again."""
    for scope in (READS, WRITES):
        rate_bursts = asking(lambda ms: -(-ms // 1000), latency=latency)
        with pytest.raises(Refuted, match="429 again: is retry_after in milliseconds"):
            check_wait_that_is_asked_for_is_enough(scope, rate_bursts)


def test_limit_that_came_back_too_soon_to_report() -> None:
    """Where the follow-up of a slow burst was served, the check is not applicable."""
    rate_bursts = Simulation.of(NEWEST, limits=Limits("token-bucket"), work=0.04).rate_bursts
    assert outcome(check_wait_that_is_asked_for_is_enough, READS, rate_bursts) == "NotApplicable"


def test_nothing_was_rejected() -> None:
    """Without a rejection the checks are not applicable: the missing limit is for another check."""
    simulation = Simulation.of(NEWEST, "never_limits")
    assert {results.outcome for results in simulation.run_checks(rejections)} == {"NotApplicable"}


def test_second_in_which_nothing_comes_back() -> None:
    """Rejections that do not end are found a second after the last one."""
    rate_bursts = Simulation.of(NEWEST, "never_recovers").rate_bursts
    with pytest.raises(
        Refuted, match="more than a second after the last rejection: expected served"
    ):
        check_limit_recovers(READS, rate_bursts)


def test_waits_of_upstream() -> None:
    """Waits that are too short in the way of PluralKit production are warned, and not failed."""

    def continuous(server: Server) -> None:
        deviate(server, "refills_continuously")

    rate_bursts = Simulation.of(NEWEST, continuous).rate_bursts
    assert outcome(check_wait_that_is_asked_for_is_enough, READS, rate_bursts) == WARNED
    for scope in (READS, WRITES):
        assert outcome(check_429_says_how_long_to_wait, scope, rate_bursts) == PASSED


@pytest.mark.parametrize(
    ("waits", "holds"),
    [
        ([0, 100, 100], True),
        ([0, 0, 101], True),
        ([0, 102], False),
        ([100, 100], False),
        ([0, 0, 100], True),
        ([0, 0, 0, 100], False),
        (["0", 100], False),
    ],
)
def test_first_rejection_of_an_interval(waits: list[object], *, holds: bool) -> None:
    """Upstream asks for a wait of 0 once an interval, maybe twice for concurrent requests, else for the rest of the interval."""
    burst = Burst(10, [response(), *map(rejected, waits)], 0.0)
    assert rejected_as_upstream(burst) is holds


@pytest.mark.parametrize(
    "fault", sorted(fault for fault in AMOUNTS if fault.startswith(("doubles_", "halves_")))
)
def test_nothing_else_is_found(fault: str) -> None:
    """The checks of rejections do not report a wrong limit."""
    assert not any(
        results.is_violation for results in Simulation.of(NEWEST, fault).run_checks(rejections)
    )
