"""How many requests pass: the checks at their edges, and every fault that one of them is made for."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from conformance.checks.rate_limits import headers, limits, rejections
from conformance.checks.rate_limits.limits import (
    applied,
    check_every_kind_of_write_is_limited,
    check_messages_leave_the_reads,
    check_more_than_the_limit_at_once_meets_429,
    check_steady_pace_is_never_rejected,
)
from conformance.http import AsUpstream, Inconclusive, PreconditionFailed, Refuted
from conformance.reference.faults import find_fault
from conformance.reference.steps import wrap
from tests.rate_limits.exchanges import response
from tests.rate_limits.simulation import NEWEST, Simulation, faults_of, finds, violated

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.reference.application import Server

NAMED: dict[str, list[str]] = yaml.safe_load(
    (Path(__file__).parent.parent.parent / "faults" / "named.yaml").read_text("utf-8")
)["rate limits"]
SCOPE = "X-RateLimit-Scope"


def rejected_with(status: int) -> Callable[[Server], None]:
    """Return a change that sets this status for every error of a server."""
    return lambda server: wrap(server.errors, "status", lambda _original, _rejected: status)


@pytest.mark.parametrize("fault", faults_of(limits, NEWEST))
def test_fault_is_found(fault: str) -> None:
    """A check of a requirement that the fault violates finds the violation."""
    assert finds(limits, NEWEST, fault)


@pytest.mark.parametrize("fault", NAMED)
def test_fault_is_found_for_the_right_reason(fault: str) -> None:
    """The checks of rate limits find exactly the violations that are known for the fault."""
    named = violated(Simulation.of(NEWEST, fault), limits, headers, rejections)
    assert named == set(NAMED[fault])


def test_too_slow_for_a_burst() -> None:
    """A slow server cannot be distinguished from one that keeps its limit, even with more requests at once."""
    rate_bursts = Simulation.of(NEWEST, work=0.08).rate_bursts
    with pytest.raises(Inconclusive, match="13 requests a second were reached"):
        check_more_than_the_limit_at_once_meets_429("generic_get", rate_bursts)
    assert [len(burst.sent) for burst in rate_bursts.bursts("generic_get")] == [20, 30]


@pytest.mark.parametrize("status", [404, 503])
def test_other_response_than_429(status: int) -> None:
    """A read beyond the limit returns 429, or the same status as within it."""
    rate_bursts = Simulation.of(NEWEST, rejected_with(status)).rate_bursts
    with pytest.raises(Refuted, match=f"expected status 204 or 429, got status {status}"):
        check_more_than_the_limit_at_once_meets_429("generic_get", rate_bursts)


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (404, "requests of 9 at once that were not rejected: expected at most 3"),
        (500, "deleteMember: expected carried out, or status 429, got status 500"),
    ],
)
def test_write_that_is_not_carried_out(status: int, message: str) -> None:
    """A write may be rejected for another reason, which counts as passed, but no write may be a server error."""
    with pytest.raises(Refuted, match=message):
        check_every_kind_of_write_is_limited(
            Simulation.of(NEWEST, rejected_with(status)).rate_bursts
        )


def test_limits_that_never_come_back() -> None:
    """Where rejections do not end, the check of recovery reports it, and not the one of a steady pace."""
    rate_bursts = Simulation.of(NEWEST, "never_recovers").rate_bursts
    rate_bursts.burst("generic_get").need_rejected()
    with pytest.raises(PreconditionFailed, match="the limit had not come back"):
        check_steady_pace_is_never_rejected("generic_get", rate_bursts)


@pytest.mark.parametrize("scope", ["own_system_get", "generic_get"])
def test_messages_that_count_as_reads(scope: str) -> None:
    """That messages share the limit of reads is as upstream where the headers name limits of reads for both."""

    def share(server: Server) -> None:
        find_fault("charges_messages_as_reads").inject(server)
        wrap(
            server.limiter,
            "headers",
            lambda original, reported: original(reported) | {SCOPE: scope},
        )

    with pytest.raises(AsUpstream, match="getSystem beside the burst: expected not rejected"):
        check_messages_leave_the_reads(Simulation.of(NEWEST, share).rate_bursts)


MEMBERS: list[object] = [{"id": "aaaaa", "name": "A"}, "no object"]


@pytest.mark.parametrize(
    ("operation", "body", "url", "seen"),
    [
        ("createMember", {"name": "A"}, "", True),
        ("createMember", {"name": "B"}, "", False),
        ("deleteMember", None, "http://target/v2/members/aaaaa", False),
        ("deleteMember", None, "http://target/v2/members/bbbbb", True),
        ("updateSystem", {"description": "D"}, "", True),
        ("updateSystem", {"description": "E"}, "", False),
    ],
)
def test_effect_of_a_write(operation: str, body: object, url: str, *, seen: bool) -> None:
    """A write was carried out when what it creates is there, what it deletes is not, or what it changes is changed."""
    text = None if body is None else json.dumps(body)
    exchange = dataclasses.replace(response(429, operation=operation), request_body=text, url=url)
    assert applied(exchange, MEMBERS, "D") is seen


def test_no_description_is_no_effect() -> None:
    """A description that is null before and after shows nothing."""
    exchange = dataclasses.replace(
        response(429, operation="updateSystem"), request_body='{"description": null}'
    )
    assert not applied(exchange, MEMBERS, None)
