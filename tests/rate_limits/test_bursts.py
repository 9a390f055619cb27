"""The whole stage of rate limits, on a clock that the test moves: nothing is found where nothing is wrong, and all is undone."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import httpx
import pytest

from conformance.checks.rate_limits import headers, launch, limits, rejections
from conformance.checks.rate_limits.limits import check_more_than_the_limit_at_once_meets_429
from conformance.http import Inconclusive, NotApplicable
from conformance.rate_limits.bursts import Rates
from conformance.reference.rate_limiter.algorithms import ALGORITHMS
from conformance.reference.rate_limiter.limiter import Limits
from conformance.reference.steps import wrap
from conformance.reference.upstream import deviate, deviations_of
from tests.driven import SECOND
from tests.rate_limits.in_process import means
from tests.rate_limits.stages import LAUNCH, NEWEST, PASSED, WARNED, Play

if TYPE_CHECKING:
    from conformance.reference.application import Server
    from conformance.reference.calls import Call
    from conformance.reference.rate_limiter.limiter import Allowance
    from conformance.reference.steps import Original

READS, WRITES, MESSAGES = "generic_get", "generic_update", "message"
MODULES = (limits, headers, rejections)
ENOUGH = "check_wait_that_is_asked_for_is_enough"  # cannot be reported where the limit came back too soon


@pytest.mark.parametrize("latency", [0.0, 0.05])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_nothing_is_found_broken(algorithm: str, latency: float) -> None:
    """Every check passes on each way of counting, near and far."""
    play = Play.of(NEWEST, limits=Limits(algorithm), latency=latency)
    assert {judged.outcome for judged in play.judge(*MODULES)} == {PASSED}


@pytest.mark.parametrize("by", ["system", "token"])
def test_callers_with_limits_of_their_own(by: str) -> None:
    """Every check passes as well where not all requests from one address share a limit."""
    play = Play.of(NEWEST, limits=Limits(by=by))
    assert {judged.outcome for judged in play.judge(*MODULES)} == {PASSED}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_slow_server(algorithm: str) -> None:
    """Where a burst takes 400 ms of the server's time nothing is found broken, whatever came back meanwhile."""
    play = Play.of(NEWEST, limits=Limits(algorithm), work=0.02)
    others = [judged for judged in play.judge(*MODULES) if judged.outcome != PASSED]
    assert {judged.outcome for judged in others} <= {"NotApplicable"}
    assert {judged.name.partition("[")[0] for judged in others} <= {ENOUGH}


def test_upstream() -> None:
    """What PluralKit's own server does against its docs is warned, and nothing else is found."""

    def as_upstream(server: Server) -> None:
        for name in deviations_of(NEWEST):
            deviate(server, name)

    judged = list(Play.of(NEWEST, as_upstream).judge(*MODULES))
    assert {one.outcome for one in judged} == {PASSED, WARNED, "NotApplicable"}
    assert {one.name for one in judged if one.outcome == WARNED} == {
        *(f"check_reset_is_a_time_in_milliseconds[{scope}]" for scope in (READS, WRITES, MESSAGES)),
        *(f"check_scope_is_named[{scope}]" for scope in (READS, MESSAGES)),
        *(f"{ENOUGH}[{scope}]" for scope in (READS, MESSAGES)),
    }


@pytest.mark.parametrize("revision", [NEWEST, LAUNCH])
def test_all_is_played_beside_and_undone(revision: str) -> None:
    """What is played before any check asks is the same; members that bursts created are gone, and the system is as before."""
    play = Play.of(revision)
    system = play.server.seeded.first
    system.fields["description"] = "before"
    play.schedule.begin()
    sent = play.clock.ns
    modules = MODULES if revision == NEWEST else (launch,)
    assert {judged.outcome for judged in play.judge(*modules)} == {PASSED}
    play.schedule.end()
    assert play.clock.ns == sent
    assert not system.members
    assert system.fields["description"] == "before"


def test_what_one_burst_left_is_undone_at_the_end() -> None:
    """A run that asks for one burst alone leaves nothing either, with as many requests a second as the limit allows."""
    play = Play.of(NEWEST, limits=Limits("token-bucket"))
    assert len(play.rates.burst(WRITES).served) == 3
    system = play.server.seeded.first
    assert len(system.members) == 3
    play.schedule.end()
    assert not system.members


def test_what_cannot_be_undone_is_left() -> None:
    """Deletions that are rejected or not returned are tried again, and then left to be reported at the end of the run."""
    tried: list[str] = []

    def hang_up(server: Server) -> None:
        def respond(original: Original, call: Call) -> object:
            if call.method != "DELETE":
                return original(call)
            tried.append(call.path)
            message = "hung up"
            raise httpx.RemoteProtocolError(message)

        wrap(server, "respond", respond)

    play = Play.of(NEWEST, hang_up)
    assert len(play.rates.burst(WRITES).served) == 3
    play.schedule.end()
    assert len(tried) == 4 * 3
    assert len(play.server.seeded.first.members) == 3


def test_without_a_message() -> None:
    """Limits of messages cannot be looked at without one to ask for; the others can."""
    play = Play.of(NEWEST)
    rates = Rates(lambda: play.limited, play.rates.limits, None, str, means(play.clock))
    with pytest.raises(NotApplicable, match="needs message_id"):
        check_more_than_the_limit_at_once_meets_429(MESSAGES, rates)
    check_more_than_the_limit_at_once_meets_429(READS, rates)
    assert {exchange.operation.scope for exchange in rates.burst(READS).beside} == {WRITES}


def test_request_after_the_wait_gets_no_response() -> None:
    """That nobody returned is kept for the check that asks, and is inconclusive."""

    def hang_up(server: Server) -> None:
        def respond(original: Original, call: Call) -> object:
            if server.limiter.now() > SECOND:
                message = "hung up"
                raise httpx.RemoteProtocolError(message)
            return original(call)

        wrap(server, "respond", respond)

    play = Play.of(NEWEST, hang_up)
    play.rates.burst(WRITES)
    with pytest.raises(Inconclusive, match="got no response"):
        play.rates.after_wait(WRITES)


@pytest.mark.parametrize(("fault", "apart"), [(None, True), ("omits_rate_limit_scope", False)])
def test_scopes_that_may_be_one_limit(fault: str | None, *, apart: bool) -> None:
    """Messages wait for the last of the reads unless the first responses name two limits."""
    rates = Play.of(NEWEST, *([fault] if fault else [])).rates
    last = rates.after_wait(READS)
    first = rates.burst(MESSAGES).sent[0]
    assert last is not None
    assert (first.sent - last.ended < 1.09) is apart


def test_read_that_was_rejected_is_no_measure() -> None:
    """Where the first look fails there is nothing to compare with, and every check says so."""

    def reject(original: Original, *words: object) -> Allowance:
        allowance: Allowance = original(*words)
        return dataclasses.replace(allowance, granted=False)

    play = Play.of(NEWEST, lambda server: wrap(server.limiter, "take", reject))
    assert {judged.outcome for judged in play.judge(limits)} == {"PreconditionFailed"}
