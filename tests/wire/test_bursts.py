"""Requests that leave at chosen instants, to real servers."""

from __future__ import annotations

import socket
import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest

from conformance.wire import ME, Inconclusive, Shot, fire
from tests.conftest import Answer

if TYPE_CHECKING:
    from tests.conftest import Connect, Request, StartStub


def test_all_are_under_way_at_once(stub: StartStub, connect: Connect) -> None:
    """No request waits for another's answer: the server answers none before all have come."""
    meeting = threading.Barrier(12)

    def script(_: Request) -> Answer:
        meeting.wait(10)
        return Answer("{}")

    caller = connect(stub(script).base_url)
    exchanges = fire([Shot(lambda release: caller.send("getSystem", ME, release=release))] * 12)
    assert {exchange.status for exchange in exchanges} == {200}
    assert len({exchange.id for exchange in exchanges}) == 12


def test_order_and_instants(stub: StartStub, connect: Connect) -> None:
    """Each request leaves no earlier than its delay, and the answers come in the order of the shots."""
    caller = connect(stub(lambda _: Answer("{}")).base_url)
    later = partial(caller.send, "getSystemMembers", ME)
    shots = [
        Shot(lambda release: later(release=release), 0.1),
        Shot(lambda release: caller.send("getSystem", ME, release=release)),
    ]
    last, first = fire(shots)
    assert (last.operation.id, first.operation.id) == ("getSystemMembers", "getSystem")
    assert last.sent - first.sent > 0.05


def test_nobody_listens(connect: Connect) -> None:
    """A burst that cannot be sent says so, and does not wait for ever."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    caller = connect(f"http://127.0.0.1:{port}/v2")
    with pytest.raises(Inconclusive, match="got no answer"):
        fire([Shot(lambda release: caller.send("getSystem", ME, release=release))] * 3)
