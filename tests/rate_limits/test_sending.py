"""Requests that are sent at chosen instants, to real servers."""

from __future__ import annotations

import socket
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest

from conformance.http import ME, Inconclusive
from conformance.rate_limits.sending import TimedRequest, send_timed
from tests.stub import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.http import Exchange
    from tests.conftest import Connect, StartStub
    from tests.driven import DrivenClock
    from tests.stub import Request


def test_all_are_under_way_at_once(stub: StartStub, connect: Connect) -> None:
    """No request waits for the response of another: the server responds to none before all have arrived."""
    meeting = threading.Barrier(12)

    def script(_: Request) -> Response:
        meeting.wait(10)
        return Response("{}")

    caller = connect(stub(script).base_url)
    exchanges = send_timed(
        [TimedRequest(lambda release: caller.send("getSystem", ME, release=release))] * 12
    )
    assert {exchange.status for exchange in exchanges} == {200}
    assert len({exchange.id for exchange in exchanges}) == 12


def test_order_and_instants(stub: StartStub, connect: Connect, clock: DrivenClock) -> None:
    """Each request leaves no earlier than its delay, and the exchanges are in the order of the requests."""
    caller = connect(stub(lambda _: Response("{}")).base_url, clock=clock)
    later = partial(caller.send, "getSystemMembers", ME)
    timed_requests = [
        TimedRequest(lambda release: later(release=release), 0.1),
        TimedRequest(lambda release: caller.send("getSystem", ME, release=release)),
    ]
    last, first = send_timed(timed_requests, clock)
    assert (last.operation.id, first.operation.id) == ("getSystemMembers", "getSystem")
    assert last.sent == clock.time()
    assert clock.milliseconds == 100


def test_delays_count_from_when_all_connections_are_open(
    stub: StartStub, connect: Connect, clock: DrivenClock
) -> None:
    """However long it takes to connect, the first is sent when all are connected, and the other its delay later."""
    caller = connect(stub(lambda _: Response("{}")).base_url, clock=clock)

    def send(connecting: float, release: Callable[[], None]) -> Exchange:
        clock.sleep(connecting)
        return caller.send("getSystem", ME, release=release)

    send_timed([TimedRequest(partial(send, 3.0)), TimedRequest(partial(send, 4.0), 0.1)], clock)
    assert clock.milliseconds == 7100


def test_instants_of_an_exchange(stub: StartStub, connect: Connect, clock: DrivenClock) -> None:
    """A request is sent when it is released, not when its connection is opened; its time counts from then on."""

    def script(_: Request) -> Response:
        clock.sleep(0.25)
        return Response("{}")

    caller, opened = connect(stub(script).base_url, clock=clock), clock.time()
    exchange = caller.send("getSystem", ME, release=lambda: clock.sleep(2))
    assert exchange.sent == opened + 2
    assert exchange.milliseconds == 250
    assert exchange.ended == clock.time()


def test_nobody_listens(connect: Connect) -> None:
    """A burst that cannot be sent is inconclusive, and does not wait for ever."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    caller = connect(f"http://127.0.0.1:{port}/v2")
    with pytest.raises(Inconclusive, match="got no response"):
        send_timed(
            [TimedRequest(lambda release: caller.send("getSystem", ME, release=release))] * 3
        )
