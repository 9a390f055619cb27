"""The clock of the sandbox, as timestamps and the rate limiter show it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from conformance.reference import moments
from conformance.reference.application import Server
from conformance.reference.upstream import LATEST, deviate, deviations_of
from conformance.sandbox.clock import MovableClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Running, Start

AT = "2030-01-01T12:00:00Z"


def test_timestamps_follow(sandbox: Running) -> None:
    """What is created while the clock stands still has its time; what is created after it was set ahead a later one."""
    shown = sandbox.control.post("/clock/freeze", json={"at": AT}).json()
    assert shown == {"now": "2030-01-01T12:00:00.000000Z", "frozen": True}
    assert sandbox.api.post("/members", json={"name": "Ash"}).json()["created"] == shown["now"]
    later = sandbox.control.post("/clock/advance", json={"seconds": 90.5}).json()
    assert later == {"now": "2030-01-01T12:01:30.500000Z", "frozen": True}
    switch = sandbox.api.post("/systems/@me/switches", json={"members": []}).json()
    assert switch["timestamp"] == later["now"]
    assert sandbox.control.get("/clock").json() == later


def test_unfreezing(sandbox: Running) -> None:
    """After that the clock is that of this machine, also when it was set ahead before."""
    sandbox.control.post("/clock/advance", json={"seconds": 3600})
    assert not sandbox.control.get("/clock").json()["frozen"]
    ahead = moments.read(sandbox.control.get("/clock").json()["now"])
    assert ahead
    assert ahead.timestamp() > time.time() + 3500
    assert sandbox.control.post("/clock/freeze").json()["frozen"]
    shown = sandbox.control.post("/clock/unfreeze").json()
    now = moments.read(shown["now"])
    assert now
    assert abs(now.timestamp() - time.time()) < 60
    assert not shown["frozen"]


def test_reset_unfreezes(sandbox: Running) -> None:
    """The state of the start has the clock of this machine."""
    sandbox.control.post("/clock/freeze", json={"at": AT})
    sandbox.control.post("/reset")
    assert not sandbox.control.get("/clock").json()["frozen"]


@pytest.mark.parametrize("like", ["docs", "upstream"])
def test_the_rate_limiter_follows(start: Start, like: str) -> None:
    """While the clock stands still no budget comes back; when it was set ahead, it does."""
    server = Server(limited=True)
    for name in deviations_of("2025-08", LATEST) if like == "upstream" else []:
        deviate(server, name)
    with start(server) as sandbox:
        sandbox.control.post("/clock/freeze", json={"at": AT})
        statuses = [sandbox.api.get("/systems/@me").status_code for _ in range(40)]
        last = sandbox.api.get("/systems/@me")
        assert statuses[0] == 200
        assert (statuses[-1], last.status_code) == (429, 429)
        reset = int(last.headers["x-ratelimit-reset"]) / (1 if like == "upstream" else 1000)
        frozen = moments.read(AT)
        assert frozen
        assert 0 <= reset - frozen.timestamp() <= 5
        sandbox.control.post("/clock/advance", json={"seconds": 10})
        assert sandbox.api.get("/systems/@me").status_code == 200


def test_a_reset_gives_the_budget_back(start: Start) -> None:
    """After a reset no request has been counted."""
    with start(Server(limited=True)) as sandbox:
        sandbox.control.post("/clock/freeze")
        for _ in range(11):
            last = sandbox.anonymous.get("/members/aaaaaa")
        assert last.status_code == 429
        sandbox.control.post("/reset")
        assert sandbox.anonymous.get("/members/aaaaaa").status_code == 404


def test_the_instant_never_goes_back() -> None:
    """However the clock is moved, time does not go back for the limiter."""
    clock = MovableClock()
    seen = [clock.monotonic_ns()]
    moves: tuple[Callable[[], None], ...] = (
        lambda: clock.freeze(0),
        lambda: clock.freeze(5),
        lambda: clock.advance(7),
        clock.unfreeze,
        lambda: clock.advance(3),
        clock.freeze,
        lambda: clock.freeze(10),
        clock.unfreeze,
    )
    for move in moves:
        move()
        seen.append(clock.monotonic_ns())
    assert seen == sorted(seen)
    assert seen[3] - seen[2] == 7


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        (
            "freeze",
            {"at": "tomorrow"},
            "at: 'tomorrow' is no instant from 2015 on; use a form like",
        ),
        ("freeze", {"at": "2014-12-31T23:59:59Z"}, "at: '2014-12-31T23:59:59Z' is no instant from"),
        ("freeze", {"at": 5}, "at: 5 is not of type 'string'; an instant like"),
        ("advance", {}, "body: 'seconds' is a required property; known keys are seconds"),
        ("advance", {"seconds": -1}, "seconds: -1 is less than the minimum of 0; a number"),
        ("advance", {"seconds": True}, "seconds: True is not of type 'number'"),
    ],
)
def test_bad_input_is_one_line(sandbox: Running, path: str, body: object, message: str) -> None:
    """What is wrong gets one line that names it and the remedy."""
    response = sandbox.control.post(f"/clock/{path}", json=body)
    assert response.status_code == 400
    assert response.json()["message"].startswith(message)


def test_the_clock_has_an_end(sandbox: Running) -> None:
    """It cannot be set so far ahead that no timestamp has the year."""
    for _ in range(25):
        last = sandbox.control.post("/clock/advance", json={"seconds": 10_000_000_000})
    assert last.json()["message"] == "seconds: 10000000000 is past the year 9000; use fewer"
    assert sandbox.api.post("/members", json={"name": "Ash"}).is_success


def test_not_a_number(sandbox: Running) -> None:
    """What JSON does not have is rejected."""
    headers = {"Content-Type": "application/json"}
    response = sandbox.control.post("/clock/advance", content='{"seconds": NaN}', headers=headers)
    assert response.json() == {"message": "the body is no JSON: NaN is no number of JSON"}
