"""The headers of rate limits: true and false values at the edges, and every fault that a check is made for."""

from __future__ import annotations

import dataclasses
import itertools
from email.utils import formatdate
from typing import TYPE_CHECKING

import pytest

from conformance.checks.rate_limits import headers
from conformance.checks.rate_limits.headers import (
    check_error_has_header,
    check_limit_is_a_number,
    check_nothing_remains_on_a_429,
    check_remaining_falls_within_a_burst,
    check_remaining_is_within_the_limit,
    check_remaining_leaves_out_the_request_itself,
    check_reset_is_a_time_in_milliseconds,
    check_reset_moves_on,
    check_scope_is_named,
)
from conformance.http import Refuted
from conformance.reference.rate_limiter.algorithms import ALGORITHMS
from conformance.reference.rate_limiter.limiter import Limits
from conformance.reference.steps import wrap
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

    from starlette.responses import Response

    from conformance.rate_limits.bursts import RateBursts
    from conformance.reference.application import Server
    from conformance.reference.rate_limiter.limiter import Allowance
    from conformance.reference.steps import Original

    Reported = Callable[[Allowance], object]

READS, WRITES, MESSAGES = "generic_get", "generic_update", "message"
LIMIT, REMAINING, RESET, SCOPE = (
    f"X-RateLimit-{name}" for name in ("Limit", "Remaining", "Reset", "Scope")
)
HOUR = 3_600_000  # milliseconds


def telling(header: str, value: Reported) -> RateBursts:
    """Return the bursts to a server that sends another value in one header."""

    def report(server: Server) -> None:
        wrap(
            server.limiter,
            "headers",
            lambda original, allowance: original(allowance) | {header: str(value(allowance))},
        )

    return Simulation.of(NEWEST, report).rate_bursts


def resetting(
    milliseconds: int, *, unit: int = 1, latency: float = 0, date: int | None = None
) -> RateBursts:
    """Return the bursts to a server with a reset so much later than now; its Date may be off by as much."""

    def report(server: Server) -> None:
        clock = server.limiter.options.clock

        def now() -> int:
            return round(clock.time_ns() / 1_000_000)

        def dated(original: Callable[..., Response], *words: object) -> Response:
            response = original(*words)
            if date is not None:
                response.headers["date"] = formatdate((now() + date) / 1000, usegmt=True)
            return response

        wrap(server.limiter, "reset", lambda _original, _wait: (now() + milliseconds) // unit)
        wrap(server, "finish", dated)

    return Simulation.of(NEWEST, report, latency=latency).rate_bursts


@pytest.mark.parametrize("fault", faults_of(headers, NEWEST))
def test_fault_is_found(fault: str) -> None:
    """A check of a requirement that the fault violates finds the violation."""
    assert finds(headers, NEWEST, fault)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_true_headers(algorithm: str) -> None:
    """The headers of each algorithm pass, with a latency of 200 ms."""
    simulation = Simulation.of(NEWEST, limits=Limits(algorithm), latency=0.2)
    assert {results.outcome for results in simulation.run_checks(headers)} == {PASSED}


def test_no_error_to_look_at() -> None:
    """Where a request for an unknown message is rejected for its rate, nothing shows whether errors have headers."""

    def reject(server: Server) -> None:
        def take(original: Original, scope: str, client: str) -> Allowance:
            allowance: Allowance = original(scope, client)
            return dataclasses.replace(allowance, granted=scope != MESSAGES)

        wrap(server.limiter, "take", take)

    rate_bursts = Simulation.of(NEWEST, reject).rate_bursts
    assert outcome(check_error_has_header, "x-ratelimit-limit", rate_bursts) == "NotApplicable"


@pytest.mark.parametrize(
    ("text", "verdict"), [("1", PASSED), ("0", FAILED), ("-1", FAILED), ("", FAILED)]
)
def test_limit_is_above_nothing(text: str, verdict: str) -> None:
    """A limit is a whole number, 1 at least."""
    rate_bursts = telling(LIMIT, lambda _: text)
    assert verdict == outcome(check_limit_is_a_number, READS, rate_bursts)


@pytest.mark.parametrize(("more", "verdict"), [(1, PASSED), (2, FAILED), (-10, FAILED)])
def test_remaining_is_within_the_limit(more: int, verdict: str) -> None:
    """From 0 to the limit; on the first request one less than the limit remains, and one more is the most."""
    rate_bursts = telling(REMAINING, lambda reported: reported.remaining + more * reported.granted)
    assert verdict == outcome(check_remaining_is_within_the_limit, READS, rate_bursts)


@pytest.mark.parametrize(
    ("wrong", "verdict"), [(0, PASSED), (5, PASSED), (6, FAILED), (10, FAILED)]
)
def test_nothing_remains_on_most_rejections(wrong: int, verdict: str) -> None:
    """Of ten rejections, half may show that something remains: it was refilled meanwhile."""
    numbers = itertools.count(1)
    rate_bursts = telling(
        REMAINING,
        lambda reported: reported.remaining if reported.granted else int(next(numbers) <= wrong),
    )
    assert verdict == outcome(check_nothing_remains_on_a_429, READS, rate_bursts)
    assert len(rate_bursts.burst(READS).rejected) == 10


@pytest.mark.parametrize(
    ("reported", "verdict"),
    [
        (lambda reported: reported.remaining, PASSED),
        (lambda reported: reported.remaining + 1, PASSED),
        (lambda reported: reported.remaining + 2, FAILED),
        (lambda _: 0, FAILED),
        (lambda _: "none", PASSED),
    ],
    ids=["true", "one higher", "two higher", "always 0", "no number"],
)
def test_remaining_falls(reported: Reported, verdict: str) -> None:
    """It falls, to one at most; what is no number is for another check."""
    rate_bursts = telling(REMAINING, reported)
    assert verdict == outcome(check_remaining_falls_within_a_burst, READS, rate_bursts)


@pytest.mark.parametrize(
    ("reported", "verdict"),
    [
        (lambda reported: reported.remaining, PASSED),
        (lambda reported: reported.remaining + 1, FAILED),
        (lambda reported: min(9, reported.remaining + 1), PASSED),
        (lambda reported: 10 if reported.remaining else 0, PASSED),
    ],
    ids=["true", "one higher", "from 9 on", "down to 0"],
)
def test_remaining_leaves_out_the_request_itself(reported: Reported, verdict: str) -> None:
    """One too high is a value that begins at the limit, and does not end at 0."""
    rate_bursts = telling(REMAINING, reported)
    assert verdict == outcome(check_remaining_leaves_out_the_request_itself, READS, rate_bursts)


@pytest.mark.parametrize(
    ("later", "verdict"), [(4999, PASSED), (5001, FAILED), (-1999, PASSED), (-2001, FAILED)]
)
def test_reset_is_near(later: int, verdict: str) -> None:
    """Up to two seconds ago and up to five ahead are accepted."""
    assert verdict == outcome(check_reset_is_a_time_in_milliseconds, READS, resetting(later))


def test_way_there_and_back_is_no_distance() -> None:
    """Any instant between request and response may be the server's now: up to 5 s after that, and half the latency."""
    for later, verdict in ((5099, PASSED), (5101, FAILED)):
        rate_bursts = resetting(later, latency=0.2)
        assert verdict == outcome(check_reset_is_a_time_in_milliseconds, READS, rate_bursts)


@pytest.mark.parametrize("ahead", [HOUR, -HOUR])
def test_clock_of_the_server(ahead: int) -> None:
    """A reset is compared with the server's clock, where its Date shows how far ahead that is."""
    check_reset_is_a_time_in_milliseconds(READS, resetting(ahead, date=ahead))
    with pytest.raises(Refuted, match="UNIX milliseconds near"):
        check_reset_is_a_time_in_milliseconds(READS, resetting(ahead))


def test_reset_in_seconds_is_as_upstream() -> None:
    """PluralKit production sends seconds, which is as upstream; seconds of long ago are a violation."""
    for later, verdict in ((1000, WARNED), (-HOUR, FAILED)):
        rate_bursts = resetting(later, unit=1000)
        assert verdict == outcome(check_reset_is_a_time_in_milliseconds, READS, rate_bursts)


@pytest.mark.parametrize(
    ("step", "verdict"), [(1_000_000, PASSED), (100_000_000_000, FAILED)], ids=["moves", "stands"]
)
def test_reset_moves_on(step: int, verdict: str) -> None:
    """More than a second later the reset is a later instant, in whatever unit."""

    def report(server: Server) -> None:
        clock = server.limiter.options.clock
        wrap(server.limiter, "reset", lambda _original, _wait: clock.time_ns() // step)

    rate_bursts = Simulation.of(NEWEST, report).rate_bursts
    assert verdict == outcome(check_reset_moves_on, rate_bursts)


@pytest.mark.parametrize(
    ("scope", "name", "verdict"),
    [
        (READS, "own_system_get", WARNED),
        (WRITES, "own_system_update", WARNED),
        (MESSAGES, "generic_get", WARNED),
        (READS, "own_system_update", FAILED),
        (WRITES, "generic_get", FAILED),
        (READS, "message", FAILED),
    ],
)
def test_other_names_of_scopes(scope: str, name: str, verdict: str) -> None:
    """The scope names of PluralKit production are as upstream, all others are violations."""
    assert verdict == outcome(check_scope_is_named, scope, telling(SCOPE, lambda _: name))
