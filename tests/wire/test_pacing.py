"""Pacing: rates that are learned from the target, and what happens after a 429."""

from __future__ import annotations

import itertools
import json
import time
from typing import TYPE_CHECKING

import pytest

from conformance.wire import ME, Inconclusive
from conformance.wire.client import ATTEMPTS
from conformance.wire.pacing import Pace
from tests.conftest import Answer

if TYPE_CHECKING:
    from conformance.contract import Contract
    from tests.conftest import Connect, Request, StartStub

ASKED = 300  # milliseconds


def throttled(**body: object) -> Answer:
    """Return a 429 with this body."""
    return Answer(json.dumps(body), 429)


def test_rate_is_learned(stub: StartStub, connect: Connect) -> None:
    """The rate in a response's header is kept from then on, for its scope."""
    server = stub(lambda _: Answer("{}", headers={"X-RateLimit-Limit": "2"}))
    pace = Pace({})
    caller = connect(server.base_url, pace=pace)
    known = [caller.client.is_paced]
    caller.send("getSystem", ME)
    known.append(caller.client.is_paced)
    caller.send("getSystem", ME)
    assert known == [False, True]
    assert pace.waited > 0


@pytest.mark.parametrize("limit", ["", "0", "many", "-1"])
def test_senseless_rates_are_ignored(stub: StartStub, connect: Connect, limit: str) -> None:
    """A header that holds no rate teaches nothing."""
    server = stub(lambda _: Answer("{}", headers={"X-RateLimit-Limit": limit}))
    caller = connect(server.base_url, pace=Pace({}))
    caller.send("getSystem", ME)
    assert not caller.client.is_paced


def test_known_rate_is_kept(stub: StartStub, connect: Connect) -> None:
    """A documented rate is kept from the first request on, and no header raises it."""
    server = stub(lambda _: Answer("{}", headers={"X-RateLimit-Limit": "1000000"}))
    pace = Pace({"generic_get": 2})
    caller = connect(server.base_url, pace=pace)
    assert caller.client.is_paced
    caller.send("getSystem", ME)
    caller.send("getSystem", ME)
    assert pace.waited > 0


def test_throttled_request_is_sent_again(stub: StartStub, connect: Connect) -> None:
    """After a 429 the request is repeated, not before the time that the answer asks for."""
    answers = iter([throttled(retry_after=ASKED), Answer("{}")])
    pace = Pace({})
    server = stub(lambda _: next(answers))
    exchange = connect(server.base_url, pace=pace).send("createMember", json={"name": "A"})
    assert exchange.status == 200
    assert [request.body for request in server.received] == [b'{"name": "A"}'] * 2
    assert pace.waited >= ASKED / 1000


@pytest.mark.parametrize("body", [{}, {"retry_after": "soon"}, {"retry_after": -5}])
def test_back_off_without_advice(
    stub: StartStub, connect: Connect, body: dict[str, object]
) -> None:
    """After a 429 that gives no usable time the request waits all the same."""
    answers = iter([throttled(**body), Answer("{}")])
    pace = Pace({})
    connect(stub(lambda _: next(answers)).base_url, pace=pace).send("getSystem", ME)
    assert pace.waited > 0


def test_endless_throttling_is_inconclusive(
    stub: StartStub, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A target that only throttles is given up after some attempts, without a verdict."""
    monkeypatch.setattr("conformance.wire.pacing.LONGEST_WAIT", 0.01)
    server = stub(lambda _: Answer("slow down", 429))
    caller = connect(server.base_url, pace=Pace({}))
    with pytest.raises(Inconclusive, match=f"throttled {ATTEMPTS} times"):
        caller.send("getSystem", ME)
    assert len(server.received) == ATTEMPTS


def test_unpaced_client_shows_the_429(stub: StartStub, connect: Connect) -> None:
    """A client without a pace hands out a 429 as it is, for checks of the limiter."""
    counter = itertools.count()

    def script(_: Request) -> Answer:
        next(counter)
        return throttled(retry_after=1)

    assert connect(stub(script).base_url).send("getSystem", ME).status == 429
    assert next(counter) == 1


def test_one_rate_for_everything(stub: StartStub, connect: Connect) -> None:
    """A rate that the user gives is kept by all scopes together, whatever the target shows."""
    server = stub(lambda _: Answer("{}", headers={"X-RateLimit-Limit": "1"}))
    pace = Pace({"*": 20})
    caller = connect(server.base_url, pace=pace)
    for operation in ("getSystem", "updateSystem", "getSystem"):
        caller.send(operation, ME)
    assert pace.slots.interval("*") == 1 / 20
    assert pace.waited > 0


def test_429_makes_the_documented_rate_known(stub: StartStub, connect: Connect) -> None:
    """A limiter that sends no header shows itself by its refusal."""
    answers = iter([throttled(retry_after=0), Answer("{}")])
    pace = Pace({}, documented={"generic_get": 10})
    connect(stub(lambda _: next(answers)).base_url, pace=pace).send("getSystem", ME)
    assert pace.slots.interval("generic_get") > 0
    assert pace.throttled == 1


@pytest.mark.parametrize("unit", [1, 1000], ids=["seconds", "milliseconds"])
def test_reset_in_either_unit(stub: StartStub, connect: Connect, unit: int) -> None:
    """A 429 without retry_after is waited for until the reset, whichever unit it is told in."""
    reset = {"X-RateLimit-Reset": str(int((time.time() + 1.2) * unit))}
    answers = iter([Answer("{}", 429, reset), Answer("{}")])
    pace = Pace({})
    connect(stub(lambda _: next(answers)).base_url, pace=pace).send("getSystem", ME)
    assert 0 < pace.waited < 2


def test_scope_that_the_target_names(stub: StartStub, connect: Connect, contract: Contract) -> None:
    """Where messages count as other reads, both keep one pace."""
    server = stub(lambda _: Answer("{}", headers={"X-RateLimit-Scope": "generic_get"}))
    pace = Pace(contract.rate_limits)
    caller = connect(server.base_url, pace=pace)
    caller.send("getMessage", {"messageId": "1"})
    before = pace.slots.reserve("generic_get")
    caller.send("getMessage", {"messageId": "1"})
    assert pace.slots.reserve("generic_get") - before > pace.slots.interval("generic_get") * 1.5


@pytest.mark.parametrize(("remaining", "shared"), [("0", True), ("4", False), ("none", False)])
def test_limit_that_others_use_too(
    stub: StartStub, connect: Connect, remaining: str, *, shared: bool
) -> None:
    """Where nothing remains although hardly anything was sent, the next request waits another interval."""
    told = {"X-RateLimit-Limit": "5", "X-RateLimit-Remaining": remaining}
    server = stub(lambda _: Answer("{}", headers=told))
    pace = Pace({"generic_get": 5})
    connect(server.base_url, pace=pace).send("getSystem", ME)
    interval = pace.slots.interval("generic_get")
    ahead = pace.slots.reserve("generic_get") - time.monotonic()
    assert (ahead > interval) is shared
