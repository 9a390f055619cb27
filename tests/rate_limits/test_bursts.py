"""All bursts on a simulated clock: checks pass where nothing is wrong, and what bursts change is undone."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.checks.rate_limits import headers, launch, limits, rejections
from conformance.checks.rate_limits.limits import check_more_than_the_limit_at_once_meets_429
from conformance.http import Inconclusive, NotApplicable
from conformance.rate_limits.bursts import RateBursts
from conformance.reference.rate_limiter.algorithms import ALGORITHMS
from conformance.reference.rate_limiter.limiter import Limits
from conformance.reference.steps import wrap
from conformance.reference.upstream import deviate, deviations_of
from tests.driven import SECOND
from tests.rate_limits.in_process import runtime
from tests.rate_limits.simulation import LAUNCH, NEWEST, PASSED, WARNED, Simulation

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.rate_limiter.limiter import Allowance
    from conformance.reference.steps import Original

READS, WRITES, MESSAGES = "generic_get", "generic_update", "message"
MODULES = (limits, headers, rejections)
ENOUGH = (
    "check_wait_that_is_asked_for_is_enough"  # not applicable where the limit recovers too soon
)


@pytest.mark.parametrize("latency", [0.0, 0.05])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_checks_pass(algorithm: str, latency: float) -> None:
    """Every check passes with each algorithm, with and without latency."""
    simulation = Simulation.of(NEWEST, limits=Limits(algorithm), latency=latency)
    assert {results.outcome for results in simulation.run_checks(*MODULES)} == {PASSED}


@pytest.mark.parametrize("by", ["system", "token"])
def test_callers_with_limits_of_their_own(by: str) -> None:
    """Every check passes as well where not all requests from one address share a limit."""
    simulation = Simulation.of(NEWEST, limits=Limits(by=by))
    assert {results.outcome for results in simulation.run_checks(*MODULES)} == {PASSED}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_slow_server(algorithm: str) -> None:
    """Where the server needs 400 ms for a burst no violation is found, however many requests the limit allows meanwhile."""
    simulation = Simulation.of(NEWEST, limits=Limits(algorithm), work=0.02)
    others = [results for results in simulation.run_checks(*MODULES) if results.outcome != PASSED]
    assert {results.outcome for results in others} <= {"NotApplicable"}
    assert {results.name.partition("[")[0] for results in others} <= {ENOUGH}


def test_upstream() -> None:
    """The deviations of PluralKit production are warned, and nothing else is found."""

    def as_upstream(server: Server) -> None:
        for name in deviations_of(NEWEST):
            deviate(server, name)

    results = list(Simulation.of(NEWEST, as_upstream).run_checks(*MODULES))
    assert {one.outcome for one in results} == {PASSED, WARNED, "NotApplicable"}
    assert {one.name for one in results if one.outcome == WARNED} == {
        *(f"check_reset_is_a_time_in_milliseconds[{scope}]" for scope in (READS, WRITES, MESSAGES)),
        *(f"check_scope_is_named[{scope}]" for scope in (READS, MESSAGES)),
        *(f"{ENOUGH}[{scope}]" for scope in (READS, MESSAGES)),
    }


@pytest.mark.parametrize("revision", [NEWEST, LAUNCH])
def test_all_is_sent_before_checks_ask_and_undone(revision: str) -> None:
    """What is sent before any check asks serves the checks as well; members that bursts created are gone, and the system is as before."""
    simulation = Simulation.of(revision)
    system = simulation.server.seeded.first
    system.fields["description"] = "before"
    simulation.schedule.begin()
    sent = simulation.clock.ns
    modules = MODULES if revision == NEWEST else (launch,)
    assert {results.outcome for results in simulation.run_checks(*modules)} == {PASSED}
    simulation.schedule.end()
    assert simulation.clock.ns == sent
    assert not system.members
    assert system.fields["description"] == "before"


def test_what_one_burst_left_is_undone_at_the_end() -> None:
    """A run that sends one burst alone leaves nothing either, with as many requests a second as the limit allows."""
    simulation = Simulation.of(NEWEST, limits=Limits("token-bucket"))
    assert len(simulation.rate_bursts.burst(WRITES).served) == 3
    system = simulation.server.seeded.first
    assert len(system.members) == 3
    simulation.schedule.end()
    assert not system.members


def test_what_cannot_be_undone_is_left() -> None:
    """Deletions that fail are tried again, and then left to be reported at the end of the run."""
    tried: list[str] = []

    def hang_up(server: Server) -> None:
        def respond(original: Original, call: Call) -> object:
            if call.method != "DELETE":
                return original(call)
            tried.append(call.path)
            message = "hung up"
            raise httpx.RemoteProtocolError(message)

        wrap(server, "respond", respond)

    simulation = Simulation.of(NEWEST, hang_up)
    assert len(simulation.rate_bursts.burst(WRITES).served) == 3
    simulation.schedule.end()
    assert len(tried) == 4 * 3
    assert len(simulation.server.seeded.first.members) == 3


def test_without_a_message() -> None:
    """Limits of messages cannot be checked without a message to read; the others can."""
    simulation = Simulation.of(NEWEST)
    rate_bursts = RateBursts(
        lambda: simulation.limited,
        simulation.rate_bursts.limits,
        None,
        str,
        runtime(simulation.clock),
    )
    with pytest.raises(NotApplicable, match="needs message_id"):
        check_more_than_the_limit_at_once_meets_429(MESSAGES, rate_bursts)
    check_more_than_the_limit_at_once_meets_429(READS, rate_bursts)
    assert {exchange.operation.scope for exchange in rate_bursts.burst(READS).other_scopes} == {
        WRITES
    }


def test_request_after_the_wait_gets_no_response() -> None:
    """A request without a response is kept for the check that asks, which is inconclusive."""

    def hang_up(server: Server) -> None:
        def respond(original: Original, call: Call) -> object:
            if server.limiter.now() > SECOND:
                message = "hung up"
                raise httpx.RemoteProtocolError(message)
            return original(call)

        wrap(server, "respond", respond)

    simulation = Simulation.of(NEWEST, hang_up)
    simulation.rate_bursts.burst(WRITES)
    with pytest.raises(Inconclusive, match="got no response"):
        simulation.rate_bursts.after_wait(WRITES)


@pytest.mark.parametrize(("fault", "separate"), [(None, True), ("omits_rate_limit_scope", False)])
def test_scopes_that_may_share_a_limit(fault: str | None, *, separate: bool) -> None:
    """Messages wait for the limit of reads unless the first responses name two scopes."""
    rate_bursts = Simulation.of(NEWEST, *([fault] if fault else [])).rate_bursts
    last = rate_bursts.after_wait(READS)
    first = rate_bursts.burst(MESSAGES).sent[0]
    assert last is not None
    assert (first.sent - last.ended < 1.09) is separate


def test_read_that_was_rejected_is_no_measure() -> None:
    """Where the first reads fail there is nothing to compare with, and no check has a verdict."""

    def reject(original: Original, *words: object) -> Allowance:
        allowance: Allowance = original(*words)
        return dataclasses.replace(allowance, granted=False)

    simulation = Simulation.of(NEWEST, lambda server: wrap(server.limiter, "take", reject))
    assert {results.outcome for results in simulation.run_checks(limits)} == {"PreconditionFailed"}
