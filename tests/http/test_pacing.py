"""Pacing: rates that are learned from the target, and what happens after a 429; on a clock that the test moves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from conformance.http import ME, Caller, Inconclusive
from conformance.http.client import ATTEMPTS
from conformance.http.pacing import Pace
from conformance.http.slots import Slots
from tests.conftest import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.contract import Contract
    from tests.conftest import Connect, Request, StartStub
    from tests.driven import DrivenClock

READ = "generic_get"


class Paced:
    """A caller of a stub that keeps a pace, and the milliseconds at which its requests came there."""

    def __init__(self, caller: Caller, pace: Pace, came: list[int]) -> None:
        self.caller, self.pace, self.came = caller, pace, came

    def read(self, times: int = 1) -> None:
        """Ask so many times for the system."""
        for _ in range(times):
            self.caller.send("getSystem", ME)


@pytest.fixture
def paced(
    stub: StartStub, connect: Connect, clock: DrivenClock, contract: Contract
) -> Callable[..., Paced]:
    """Return the way to keep rates, or none, towards a stub that gives these responses, the last one for ever."""

    def make(*responses: Response, rates: Mapping[str, float] | None = None) -> Paced:
        rest, came = list(responses), list[int]()

        def script(_: Request) -> Response:
            came.append(clock.milliseconds)
            return rest.pop(0) if len(rest) > 1 else rest[0]

        pace = Pace(rates or {}, documented=contract.rate_limits, slots=Slots(clock=clock))
        return Paced(connect(stub(script).base_url, pace=pace), pace, came)

    return make


def reported(**headers: object) -> Response:
    """Return an return these headers of rate limits."""
    return Response(
        "{}", headers={f"X-RateLimit-{name}": str(reported) for name, reported in headers.items()}
    )


def throttled(**body: object) -> Response:
    """Return a 429 with this body."""
    return Response(json.dumps(body), 429)


def test_rate_is_learned(paced: Callable[..., Paced]) -> None:
    """The rate in a response's header is kept from then on, for its scope, with a margin."""
    target = paced(reported(Limit=2))
    known = [target.caller.client.is_paced]
    target.read()
    known.append(target.caller.client.is_paced)
    target.read(2)
    target.caller.send("updateSystem", ME)
    assert known == [False, True]
    assert target.came == [0, 510, 1020, 1020]
    assert target.pace.waited == pytest.approx(1.02)


@pytest.mark.parametrize("limit", ["", "0", "many", "-1"])
def test_senseless_rates_are_ignored(paced: Callable[..., Paced], limit: str) -> None:
    """A header that holds no rate teaches nothing."""
    target = paced(reported(Limit=limit))
    target.read(2)
    assert not target.caller.client.is_paced
    assert target.came == [0, 0]


def test_known_rate_is_kept(paced: Callable[..., Paced]) -> None:
    """A documented rate is kept from the first request on, and no header raises it; a lower one does lower it."""
    high = reported(Limit=1_000_000)
    target = paced(high, high, reported(Limit=1), rates={READ: 2})
    assert target.caller.client.is_paced
    target.read(4)
    assert target.came == [510, 1020, 1530, 2550]


def test_throttled_request_is_sent_again(
    stub: StartStub, connect: Connect, clock: DrivenClock
) -> None:
    """After a 429 the request is repeated, when the time is over that the response asks for."""
    responses = iter([throttled(retry_after=300), Response("{}")])
    pace = Pace({}, slots=Slots(clock=clock))
    server = stub(lambda _: next(responses))
    exchange = connect(server.base_url, pace=pace).send("createMember", json={"name": "A"})
    assert exchange.status == 200
    assert [request.body for request in server.received] == [b'{"name": "A"}'] * 2
    assert clock.milliseconds == 300
    assert (pace.waited, pace.throttled) == (0.3, 1)


@pytest.mark.parametrize("body", [{}, {"retry_after": "soon"}, {"retry_after": -5}])
def test_back_off_without_advice(paced: Callable[..., Paced], body: dict[str, object]) -> None:
    """After a 429 that gives no usable time the request waits all the same, longer each time, or the documented interval."""
    target = paced(throttled(**body), throttled(**body), Response("{}"))
    target.read()
    assert target.came == [0, 250, 750]


@pytest.mark.parametrize(
    ("wait", "came"),
    [
        (10, [0, 102, 602]),  # the interval of the documented limit, then longer with the attempt
        (0, [0, 102, 602]),
        (900, [0, 900, 1800]),
        (60_000, [0, 5000, 10_000]),
    ],
)
def test_waits_that_are_asked_for(paced: Callable[..., Paced], wait: int, came: list[int]) -> None:
    """A wait is kept up to 5 s; a short one that was not enough is made longer."""
    target = paced(throttled(retry_after=wait), throttled(retry_after=wait), Response("{}"))
    target.read()
    assert target.came == came


def test_endless_throttling_is_inconclusive(paced: Callable[..., Paced]) -> None:
    """A target that only throttles is given up after some attempts, without a verdict."""
    target = paced(Response("slow down", 429))
    with pytest.raises(Inconclusive, match=f"throttled {ATTEMPTS} times"):
        target.read()
    assert target.came == [0, 250, 750, 1750, 3750]


def test_unpaced_client_shows_the_429(stub: StartStub, connect: Connect) -> None:
    """A client without a pace hands out a 429 as it is, for checks of the limiter."""
    server = stub(lambda _: throttled(retry_after=1))
    assert connect(server.base_url).send("getSystem", ME).status == 429
    assert len(server.received) == 1


def test_one_rate_for_everything(paced: Callable[..., Paced]) -> None:
    """A rate that the user gives is kept by all scopes together, whatever the target shows."""
    target = paced(reported(Limit=1), rates={"*": 20})
    for operation in ("getSystem", "updateSystem", "getSystem"):
        target.caller.send(operation, ME)
    assert target.came == [50, 100, 150]


def test_429_makes_the_documented_rate_known(paced: Callable[..., Paced]) -> None:
    """A limiter that sends no header shows itself by its rejection."""
    target = paced(throttled(retry_after=0), Response("{}"))
    target.read(2)
    assert target.pace.slots.interval(READ) == pytest.approx(0.102)
    assert target.came == [0, 102, 204]
    assert target.pace.throttled == 1


@pytest.mark.parametrize(
    ("later", "unit", "waited"),
    [(1.2, 1000, 1200), (3, 1, 3000), (9, 1, 5000), (-1, 1, 102), (-0.3, 1000, 102)],
)
def test_reset_in_either_unit(
    paced: Callable[..., Paced], clock: DrivenClock, later: float, unit: int, waited: int
) -> None:
    """A 429 without retry_after is waited for until the reset, whichever unit it is reported in; the past asks for nothing."""
    reset = {"X-RateLimit-Reset": str(round((clock.time() + later) * unit))}
    target = paced(Response("{}", 429, reset), Response("{}"))
    target.read()
    assert target.came == [0, waited]


def test_scope_that_the_target_names(paced: Callable[..., Paced], contract: Contract) -> None:
    """Where messages count as other reads, both keep one pace from then on."""
    target = paced(reported(Scope=READ), rates=contract.rate_limits)
    for _ in range(2):
        target.caller.send("getMessage", {"messageId": "1"})
        target.read()
    assert target.came == [102, 102, 204, 306]


@pytest.mark.parametrize(("remaining", "shared"), [("0", True), ("4", False), ("none", False)])
def test_limit_that_others_use_too(
    paced: Callable[..., Paced], remaining: str, *, shared: bool
) -> None:
    """Where nothing remains although hardly anything was sent, the next request waits another interval."""
    target = paced(reported(Limit=5, Remaining=remaining), rates={READ: 5})
    target.read(2)
    assert target.came == [204, 612 if shared else 408]


@pytest.mark.parametrize(("limit", "came"), [(2, [0, 510, 1020]), (3, [0, 680, 1020])])
def test_limit_that_is_used_up_by_this_run(
    paced: Callable[..., Paced], limit: int, came: list[int]
) -> None:
    """Where all but one of a second's requests were this run's own nobody else has a part of the limit."""
    target = paced(reported(Limit=limit, Remaining=0))
    target.read(3)
    assert target.came == came


@pytest.mark.parametrize(
    ("rates", "late", "came"),
    [
        ({READ: 10}, 0.015, [102, 204, 306, 408]),
        ({READ: 10}, 0.025, [102, 204, 316, 428]),
        ({"*": 10}, 0.025, [100, 200, 325, 450]),
        ({}, 0.025, [0, 10, 45, 80]),
    ],
)
def test_request_that_was_held_up(
    stub: StartStub,
    connect: Connect,
    clock: DrivenClock,
    rates: dict[str, float],
    late: float,
    came: list[int],
) -> None:
    """After a request that took longer than the quickest one the next comes later by that, but for what the margin holds."""
    seen: list[int] = []

    def script(_: Request) -> Response:
        seen.append(clock.milliseconds)
        clock.sleep(0.01 + (late if len(seen) > 1 else 0))
        return Response("{}")

    caller = connect(stub(script).base_url, pace=Pace(rates, slots=Slots(clock=clock)))
    for _ in range(4):
        caller.send("getSystem", ME)
    assert seen == came
