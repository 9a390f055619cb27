"""Pacing: rates that are learned from the target, and what happens after a 429."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING

import pytest

from conformance.wire import ME, Inconclusive
from conformance.wire.client import ATTEMPTS
from conformance.wire.pacing import Pace
from tests.conftest import Answer

if TYPE_CHECKING:
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
