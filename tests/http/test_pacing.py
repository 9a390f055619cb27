"""Pacing: rates that the target shows, and waiting after a 429; on a clock that the test moves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from conformance.http import ME, Caller, Inconclusive
from conformance.http.client import ATTEMPTS
from conformance.http.pacing import Pace
from tests.stub import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.contract import Contract
    from tests.conftest import Connect, StartStub
    from tests.driven import DrivenClock
    from tests.stub import Request

READ = "generic_get"


class Paced:
    """A caller with a pace, of a stub, and the milliseconds at which the stub received its requests."""

    def __init__(self, caller: Caller, pace: Pace, came: list[int]) -> None:
        self.caller, self.pace, self.came = caller, pace, came

    def read(self, times: int = 1) -> None:
        """Request the system so many times."""
        for _ in range(times):
            self.caller.send("getSystem", ME)


@pytest.fixture
def paced(
    stub: StartStub, connect: Connect, clock: DrivenClock, contract: Contract
) -> Callable[..., Paced]:
    """Return a function that makes a paced caller of a stub with these responses, the last one repeated."""

    def make(*responses: Response, rates: Mapping[str, float] | None = None) -> Paced:
        rest, came = list(responses), list[int]()

        def script(_: Request) -> Response:
            came.append(clock.milliseconds)
            return rest.pop(0) if len(rest) > 1 else rest[0]

        pace = Pace(rates or {}, documented=contract.rate_limits, clock=clock)
        return Paced(connect(stub(script).base_url, pace=pace), pace, came)

    return make


def with_headers(**headers: object) -> Response:
    """Return a response with these rate-limit headers."""
    return Response(
        "{}", headers={f"X-RateLimit-{name}": str(value) for name, value in headers.items()}
    )


def throttled(**body: object) -> Response:
    """Return a 429 with this body."""
    return Response(json.dumps(body), 429)


def test_rate_is_learned(paced: Callable[..., Paced]) -> None:
    """The rate in a response's header is kept from then on, for its scope, with a margin."""
    target = paced(with_headers(Limit=2))
    known = [target.caller.client.is_paced]
    target.read()
    known.append(target.caller.client.is_paced)
    target.read(2)
    target.caller.send("updateSystem", ME)
    assert known == [False, True]
    assert target.came == [0, 510, 1020, 1020]
    assert target.pace.waited == pytest.approx(1.02)


@pytest.mark.parametrize("limit", ["", "0", "many", "-1"])
def test_invalid_rates_are_ignored(paced: Callable[..., Paced], limit: str) -> None:
    """A header without a usable number changes nothing."""
    target = paced(with_headers(Limit=limit))
    target.read(2)
    assert not target.caller.client.is_paced
    assert target.came == [0, 0]


def test_known_rate_is_kept(paced: Callable[..., Paced]) -> None:
    """A documented rate is kept from the first request on, and no header raises it; a lower one does lower it."""
    high = with_headers(Limit=1_000_000)
    target = paced(high, high, with_headers(Limit=1), rates={READ: 2})
    assert target.caller.client.is_paced
    target.read(4)
    assert target.came == [510, 1020, 1530, 2550]


def test_throttled_request_is_sent_again(
    stub: StartStub, connect: Connect, clock: DrivenClock
) -> None:
    """After a 429 the request is sent again when its `retry_after` is over."""
    responses = iter([throttled(retry_after=300), Response("{}")])
    pace = Pace({}, clock=clock)
    server = stub(lambda _: next(responses))
    exchange = connect(server.base_url, pace=pace).send("createMember", json={"name": "A"})
    assert exchange.status == 200
    assert [request.body for request in server.received] == [b'{"name": "A"}'] * 2
    assert clock.milliseconds == 300
    assert (pace.waited, pace.throttled) == (0.3, 1)


@pytest.mark.parametrize("body", [{}, {"retry_after": "soon"}, {"retry_after": -5}])
def test_back_off_without_retry_after(paced: Callable[..., Paced], body: dict[str, object]) -> None:
    """After a 429 without a usable `retry_after` the request waits twice as long each time."""
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
def test_retry_after_is_kept(paced: Callable[..., Paced], wait: int, came: list[int]) -> None:
    """A `retry_after` is kept up to 5 s; one that was too short is made longer."""
    target = paced(throttled(retry_after=wait), throttled(retry_after=wait), Response("{}"))
    target.read()
    assert target.came == came


def test_endless_throttling_is_inconclusive(paced: Callable[..., Paced]) -> None:
    """A request that is throttled in every attempt is inconclusive."""
    target = paced(Response("slow down", 429))
    with pytest.raises(Inconclusive, match=f"throttled {ATTEMPTS} times"):
        target.read()
    assert target.came == [0, 250, 750, 1750, 3750]


def test_unpaced_client_shows_the_429(stub: StartStub, connect: Connect) -> None:
    """A client without a pace returns a 429 as it is, for checks of the limiter."""
    server = stub(lambda _: throttled(retry_after=1))
    assert connect(server.base_url).send("getSystem", ME).status == 429
    assert len(server.received) == 1


def test_one_rate_for_everything(paced: Callable[..., Paced]) -> None:
    """A rate that the user gives is kept by all scopes together, whatever limits the target shows."""
    target = paced(with_headers(Limit=1), rates={"*": 20})
    for operation in ("getSystem", "updateSystem", "getSystem"):
        target.caller.send(operation, ME)
    assert target.came == [50, 100, 150]


def test_429_starts_the_documented_rate(paced: Callable[..., Paced]) -> None:
    """After a 429 the documented rate is kept, without any header."""
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
    """After a 429 without retry_after the request waits until the reset, in seconds or milliseconds; one in the past is ignored."""
    reset = {"X-RateLimit-Reset": str(round((clock.time() + later) * unit))}
    target = paced(Response("{}", 429, reset), Response("{}"))
    target.read()
    assert target.came == [0, waited]


def test_scope_that_the_target_names(paced: Callable[..., Paced], contract: Contract) -> None:
    """When the target counts messages for the scope of other reads, both keep one pace."""
    target = paced(with_headers(Scope=READ), rates=contract.rate_limits)
    for _ in range(2):
        target.caller.send("getMessage", {"messageId": "1"})
        target.read()
    assert target.came == [102, 102, 204, 306]


@pytest.mark.parametrize(("remaining", "shared"), [("0", True), ("4", False), ("none", False)])
def test_limit_that_is_shared(paced: Callable[..., Paced], remaining: str, *, shared: bool) -> None:
    """When nothing remains although this run sent little, the next request waits for another interval."""
    target = paced(with_headers(Limit=5, Remaining=remaining), rates={READ: 5})
    target.read(2)
    assert target.came == [204, 612 if shared else 408]


@pytest.mark.parametrize(("limit", "came"), [(2, [0, 510, 1020]), (3, [0, 680, 1020])])
def test_limit_that_is_used_up_by_this_run(
    paced: Callable[..., Paced], limit: int, came: list[int]
) -> None:
    """When this run sent all but one of the requests of a second, the limit is not shared."""
    target = paced(with_headers(Limit=limit, Remaining=0))
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
def test_delayed_request(
    stub: StartStub,
    connect: Connect,
    clock: DrivenClock,
    rates: dict[str, float],
    late: float,
    came: list[int],
) -> None:
    """After a request that took longer than the fastest one the next is sent later by the difference, less the jitter."""
    seen: list[int] = []

    def script(_: Request) -> Response:
        seen.append(clock.milliseconds)
        clock.sleep(0.01 + (late if len(seen) > 1 else 0))
        return Response("{}")

    caller = connect(stub(script).base_url, pace=Pace(rates, clock=clock))
    for _ in range(4):
        caller.send("getSystem", ME)
    assert seen == came
