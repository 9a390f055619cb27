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
from tests.rate_limits.stages import FAILED, NEWEST, PASSED, WARNED, Play, faults_of, found, outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.rate_limits.bursts import Rates
    from conformance.reference.application import Server

READS, WRITES = "generic_get", "generic_update"
ENOUGH = "check_wait_that_is_asked_for_is_enough"
# What lets too much or too little through violates no requirement about rejections.
AMOUNTS = set(faults_of(limits, NEWEST))


def asking(wait: Callable[[int], object], latency: float = 0) -> Rates:
    """Return the stage of a server that asks for another wait than the milliseconds that are needed."""

    def ask(server: Server) -> None:
        wrap(server.limiter, "retry_after", lambda original, ns: wait(original(ns)))

    return Play.of(NEWEST, ask, latency=latency).rates


@pytest.mark.parametrize("fault", sorted(set(faults_of(rejections, NEWEST)) - AMOUNTS))
def test_fault_is_found(fault: str) -> None:
    """A check of a requirement that the fault violates finds it broken."""
    assert found(rejections, NEWEST, fault)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_true_rejections(algorithm: str) -> None:
    """What each limiter asks for passes, 200 ms away; a window that turned tells nothing of its waits."""
    play = Play.of(NEWEST, limits=Limits(algorithm), latency=0.2)
    others = [judged for judged in play.judge(rejections) if judged.outcome != PASSED]
    assert not [judged for judged in others if judged.outcome != "NotApplicable"]
    assert {judged.name for judged in others} <= {f"{ENOUGH}[{READS}]", f"{ENOUGH}[message]"}


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
    """The request is sent 10 ms after the wait: one that is by more too short is found, on each way of counting."""

    def ask(server: Server) -> None:
        wrap(server.limiter, "retry_after", lambda original, ns: max(0, original(ns) - less))

    rates = Play.of(NEWEST, ask, limits=Limits(algorithm)).rates
    assert verdict == outcome(check_wait_that_is_asked_for_is_enough, WRITES, rates)


@pytest.mark.parametrize("latency", [0.0, 0.2])
def test_seconds_instead_of_milliseconds(latency: float) -> None:
    """A wait of 1 that means a second is over at once; the request after it, or the one a little later, is rejected again."""
    for scope in (READS, WRITES):
        rates = asking(lambda ms: -(-ms // 1000), latency=latency)
        with pytest.raises(Refuted, match="429 again: is retry_after in milliseconds"):
            check_wait_that_is_asked_for_is_enough(scope, rates)


def test_limit_that_came_back_too_soon_to_report() -> None:
    """Where the later request of a slow burst took what was promised, nothing can be said."""
    rates = Play.of(NEWEST, limits=Limits("token-bucket"), work=0.04).rates
    assert outcome(check_wait_that_is_asked_for_is_enough, READS, rates) == "NotApplicable"


def test_nothing_was_rejected() -> None:
    """Without a rejection there is nothing to look at: the missing limit is another check's."""
    play = Play.of(NEWEST, "never_limits")
    assert {judged.outcome for judged in play.judge(rejections)} == {"NotApplicable"}


def test_second_in_which_nothing_comes_back() -> None:
    """Rejections that do not end are found a second after the last one."""
    rates = Play.of(NEWEST, "never_recovers").rates
    with pytest.raises(
        Refuted, match="more than a second after the last rejection: expected served"
    ):
        check_limit_recovers(READS, rates)


def test_waits_of_upstream() -> None:
    """Waits that are too short as those of PluralKit's own server are: warned, and not failed."""

    def continuous(server: Server) -> None:
        deviate(server, "refills_continuously")

    rates = Play.of(NEWEST, continuous).rates
    assert outcome(check_wait_that_is_asked_for_is_enough, READS, rates) == WARNED
    for scope in (READS, WRITES):
        assert outcome(check_429_says_how_long_to_wait, scope, rates) == PASSED


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
    """Upstream asks for nothing once an interval, one may race with it, and for what is left of the interval else."""
    burst = Burst(10, [response(), *map(rejected, waits)], 0.0)
    assert rejected_as_upstream(burst) is holds


@pytest.mark.parametrize(
    "fault", sorted(fault for fault in AMOUNTS if fault.startswith(("doubles_", "halves_")))
)
def test_nothing_else_is_found(fault: str) -> None:
    """A limit that is another one is no fault of its rejections."""
    assert not any(judged.broken for judged in Play.of(NEWEST, fault).judge(rejections))
