"""Requests that leave at chosen instants, to real servers."""

from __future__ import annotations

import socket
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest

from conformance.http import ME, Inconclusive
from conformance.rate_limits.sending import Shot, fire
from tests.conftest import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.http import Exchange
    from tests.conftest import Connect, Request, StartStub
    from tests.driven import DrivenClock


def test_all_are_under_way_at_once(stub: StartStub, connect: Connect) -> None:
    """No request waits for another's response: the server returns none before all have come."""
    meeting = threading.Barrier(12)

    def script(_: Request) -> Response:
        meeting.wait(10)
        return Response("{}")

    caller = connect(stub(script).base_url)
    exchanges = fire([Shot(lambda release: caller.send("getSystem", ME, release=release))] * 12)
    assert {exchange.status for exchange in exchanges} == {200}
    assert len({exchange.id for exchange in exchanges}) == 12


def test_order_and_instants(stub: StartStub, connect: Connect, clock: DrivenClock) -> None:
    """Each request leaves no earlier than its delay, and the responses come in the order of the shots."""
    caller = connect(stub(lambda _: Response("{}")).base_url, clock=clock)
    later = partial(caller.send, "getSystemMembers", ME)
    shots = [
        Shot(lambda release: later(release=release), 0.1),
        Shot(lambda release: caller.send("getSystem", ME, release=release)),
    ]
    last, first = fire(shots, clock)
    assert (last.operation.id, first.operation.id) == ("getSystemMembers", "getSystem")
    assert last.sent == clock.time()
    assert clock.milliseconds == 100


def test_delays_count_from_when_all_connections_are_open(
    stub: StartStub, connect: Connect, clock: DrivenClock
) -> None:
    """However long it takes to connect, the first leaves at once, and the other so much later than the first."""
    caller = connect(stub(lambda _: Response("{}")).base_url, clock=clock)

    def send(connecting: float, release: Callable[[], None]) -> Exchange:
        clock.sleep(connecting)
        return caller.send("getSystem", ME, release=release)

    fire([Shot(partial(send, 3.0)), Shot(partial(send, 4.0), 0.1)], clock)
    assert clock.milliseconds == 7100


def test_instants_of_an_exchange(stub: StartStub, connect: Connect, clock: DrivenClock) -> None:
    """A request is sent when it is released, not when its connection is opened; until its response it takes its time."""

    def script(_: Request) -> Response:
        clock.sleep(0.25)
        return Response("{}")

    caller, opened = connect(stub(script).base_url, clock=clock), clock.time()
    exchange = caller.send("getSystem", ME, release=lambda: clock.sleep(2))
    assert exchange.sent == opened + 2
    assert exchange.milliseconds == 250
    assert exchange.ended == clock.time()


def test_nobody_listens(connect: Connect) -> None:
    """A burst that cannot be sent says so, and does not wait for ever."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    caller = connect(f"http://127.0.0.1:{port}/v2")
    with pytest.raises(Inconclusive, match="got no response"):
        fire([Shot(lambda release: caller.send("getSystem", ME, release=release))] * 3)
